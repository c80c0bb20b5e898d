// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.cli.measure.Measurement.Loaded;
import dev.realmesh.cli.measure.MeasurementDifference.Difference;
import dev.realmesh.host.vmm.plan.BootPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which pages of something differ, by their checksums. Pages of something that lies otherwise in them cannot be
/// compared.
final class PageDifference {
    private static final int MAX_RANGES = 4;

    private PageDifference() {}

    static Optional<Difference> between(Loaded a, Loaded b) {
        int[] left = a.pages().toArray();
        int[] right = b.pages().toArray();
        if (a.address() % BootPlan.PAGE != b.address() % BootPlan.PAGE || left.length == 0 || right.length == 0) {
            return Optional.empty();
        }
        List<Range> ranges = ranges(left, right);
        if (ranges.isEmpty()) {
            return Optional.empty();
        }
        int differing = ranges.stream().mapToInt(Range::length).sum();
        long at = (a.address() & -BootPlan.PAGE) + ranges.getFirst().from() * BootPlan.PAGE;
        return Optional.of(new Difference(
                a.name() + " pages " + named(ranges),
                "%d of %d, the first at 0x%x".formatted(differing, left.length, at),
                "%d of %d".formatted(differing, right.length)));
    }

    private record Range(int from, int to) {
        int length() {
            return to - from;
        }
    }

    private static List<Range> ranges(int[] left, int[] right) {
        List<Range> ranges = new ArrayList<>();
        int shared = Math.min(left.length, right.length);
        int from = -1;
        for (int page = 0; page < shared; page++) {
            if (left[page] != right[page] && from < 0) {
                from = page;
            } else if (left[page] == right[page] && from >= 0) {
                ranges.add(new Range(from, page));
                from = -1;
            }
        }
        if (from >= 0) {
            ranges.add(new Range(from, shared));
        }
        return ranges;
    }

    private static String named(List<Range> ranges) {
        StringBuilder text = new StringBuilder();
        for (Range range : ranges.subList(0, Math.min(MAX_RANGES, ranges.size()))) {
            text.append(text.isEmpty() ? "" : ", ").append(range.from());
            text.append(range.length() == 1 ? "" : "-" + (range.to() - 1));
        }
        return text + (ranges.size() > MAX_RANGES ? ", …" : "");
    }
}
