// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.host.vmm.arguments.Capability;
import dev.realmesh.host.vmm.arguments.HostCapabilities;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the host lets a Realm have: files or built-in names, then options, which override them.
final class HostOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "CAPS",
            description = "What the host lets a Realm have: a file of realm-measurements, or one of fvp, kvm,"
                    + " qemu-max-8.2, rmm-1.0-eac5. May be repeated; later ones can only lower.")
    private List<String> hosts = List.of();

    @Option(names = "--ipa-bits", paramLabel = "N", description = "Bits of an IPA, at most.")
    @Nullable
    private Integer ipaBits;

    @Option(names = "--num-bps", paramLabel = "N", description = "Breakpoints, at most: 2 to 64.")
    @Nullable
    private Integer breakpoints;

    @Option(names = "--num-wps", paramLabel = "N", description = "Watchpoints, at most: 2 to 64.")
    @Nullable
    private Integer watchpoints;

    @Option(names = "--sve-vl", paramLabel = "BITS", description = "Bits of an SVE vector, at most; 0 is no SVE.")
    @Nullable
    private Integer vectorBits;

    @Option(names = "--pmu-num-ctrs", paramLabel = "N", description = "PMU counters, at most: 0 to 31.")
    @Nullable
    private Integer pmuCounters;

    @Option(names = "--pmu", arity = "1", paramLabel = "true|false", description = "Whether there is a PMU.")
    @Nullable
    private Boolean pmu;

    @Option(names = "--lpa2", arity = "1", paramLabel = "true|false", description = "Whether there is LPA2.")
    @Nullable
    private Boolean lpa2;

    HostCapabilities capabilities() {
        HostCapabilities host = HostCapabilities.NONE;
        for (String name : hosts) {
            host = host.atMost(HostCapabilities.named(name));
        }
        host = with(host, Capability.IPA_BITS, ipaBits);
        host = with(host, Capability.NUM_BPS, breakpoints);
        host = with(host, Capability.NUM_WPS, watchpoints);
        host = with(host, Capability.SVE_VL, vectorBits);
        host = with(host, Capability.PMU_NUM_CTRS, pmuCounters);
        host = with(host, Capability.PMU, number(pmu));
        return with(host, Capability.LPA2, number(lpa2));
    }

    private static HostCapabilities with(HostCapabilities host, Capability capability, @Nullable Integer value) {
        return value == null ? host : host.with(capability, value);
    }

    private static @Nullable Integer number(@Nullable Boolean value) {
        return value == null ? null : value ? Integer.valueOf(1) : Integer.valueOf(0);
    }
}
