// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.realmesh.proto.host.v1.Realm;
import dev.realmesh.proto.host.v1.RealmDescription;
import dev.realmesh.proto.host.v1.RecDescription;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A Realm as text.
final class RealmText {
    private RealmText() {}

    /// All of a Realm that a person asks for, a fact a line.
    static String of(RealmDescription description) {
        Realm realm = description.getRealm();
        StringBuilder text = new StringBuilder();
        line(text, "realm", realm.getRealmId());
        line(text, "image", realm.getImage());
        line(text, "created", Timestamps.toString(realm.getCreatedAt()));
        line(text, "state", description.getRmmState());
        line(text, "RIM", hex(realm.getRim()));
        for (int i = 0; i < description.getRemCount(); i++) {
            line(text, "REM[" + i + "]", rem(description.getRem(i)));
        }
        line(text, "IPA space", description.getIpaBits() + " bits");
        line(text, "tables", counts(description.getTablesMap(), "level "));
        line(
                text,
                "memory",
                bytes(description.getOwnBytes()) + " its own, " + bytes(description.getSharedBytes()) + " shared");
        for (RecDescription rec : description.getRecsList()) {
            line(text, "REC " + Long.toHexString(rec.getMpidr()), activity(rec));
        }
        line(text, "exits", counts(description.getExitsMap(), ""));
        return text.toString();
    }

    /// What changes in a Realm's life, in one line.
    static String change(RealmDescription description) {
        String recs =
                description.getRecsList().stream().map(RealmText::activity).collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%s  %-10s  %s  exits %s%s",
                description.getRealm().getRealmId(),
                description.getRmmState(),
                recs,
                counts(description.getExitsMap(), ""),
                rems(description.getRemList()));
    }

    /// The start of each that was extended.
    private static String rems(List<ByteString> rems) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rems.size(); i++) {
            String rem = rem(rems.get(i));
            if (!rem.equals("zero")) {
                text.append(String.format(Locale.ROOT, "  REM[%d] %.16s", i, rem));
            }
        }
        return text.toString();
    }

    private static String rem(ByteString rem) {
        String hex = hex(rem);
        return hex.matches("0*") ? "zero" : hex;
    }

    private static String activity(RecDescription rec) {
        return rec.getActivity().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// Those that are not zero, in order.
    private static <K extends Comparable<K>> String counts(Map<K, ? extends Number> counts, String prefix) {
        String text = new TreeMap<K, Number>(counts)
                .entrySet().stream()
                        .filter(each -> each.getValue().longValue() != 0)
                        .map(each -> prefix + each.getKey() + ": " + each.getValue())
                        .collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }

    private static String bytes(long count) {
        return count % (1L << 20) == 0 ? (count >> 20) + " MiB" : (count >> 10) + " KiB";
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-10s %s%n", name, value));
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
