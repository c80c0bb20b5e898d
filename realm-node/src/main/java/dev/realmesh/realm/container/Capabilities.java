// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Which of the usual capabilities of a container's root a request takes from it. No request gives it others.
///
/// @param kept names such as `CAP_CHOWN`
public record Capabilities(Set<String> kept) {
    private static final String ALL = "CAP_ALL";

    /// What Docker leaves to a container's root.
    private static final List<String> USUAL = List.of(
            "CAP_AUDIT_WRITE",
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_MKNOD",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_RAW",
            "CAP_SETFCAP",
            "CAP_SETGID",
            "CAP_SETPCAP",
            "CAP_SETUID",
            "CAP_SYS_CHROOT");

    /// All of them.
    public static final Capabilities DEFAULT = new Capabilities(Set.copyOf(USUAL));

    public Capabilities {
        kept = Set.copyOf(kept);
    }

    /// The usual ones without some, and with some of those again.
    ///
    /// @param dropped names, with or without `CAP_`, in any case; or `ALL`
    /// @param added likewise
    /// @throws ContainerException.BadRequest if one is not usual
    public static Capabilities of(List<String> dropped, List<String> added) {
        Set<String> out = named("drop_capabilities", dropped);
        Set<String> back = named("add_capabilities", added);
        return new Capabilities(USUAL.stream()
                .filter(each -> back.contains(each) || !out.contains(each))
                .collect(Collectors.toUnmodifiableSet()));
    }

    /// Those of a process, in the usual order.
    List<String> of(ContainerUser user) {
        return user.privileged() ? USUAL.stream().filter(kept::contains).toList() : List.of();
    }

    private static Set<String> named(String what, List<String> names) {
        return names.stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .map(name -> name.startsWith("CAP_") ? name : "CAP_" + name)
                .flatMap(name -> name.equals(ALL) ? USUAL.stream() : List.of(known(what, name)).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String known(String what, String name) {
        if (!USUAL.contains(name)) {
            throw new ContainerException.BadRequest(what + ": " + name.length()
                    + " characters that name none (expected: ALL, or one of " + String.join(", ", USUAL) + ")");
        }
        return name;
    }
}
