// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs [BusBench] and prints the ratio of the bus to its peer; more is better. Then runs [MeasureBench].
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] args) throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(BusBench.class.getName())
                        .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                        .build())
                .run();
        Map<String, Map<String, Double>> rates = new TreeMap<>();
        for (RunResult result : results) {
            rates.computeIfAbsent(result.getPrimaryResult().getLabel(), name -> new TreeMap<>())
                    .put(
                            result.getParams().getParam("transport"),
                            result.getPrimaryResult().getScore());
        }
        System.out.printf(Locale.ROOT, "%n%-12s %12s %12s %10s%n", "per second", "bus", "netty", "bus/netty");
        rates.forEach((name, rate) -> System.out.printf(
                Locale.ROOT,
                "%-12s %12.0f %12.0f %10.2f%n",
                name,
                rate.get("bus"),
                rate.get("netty"),
                rate.get("bus") / rate.get("netty")));
        MeasureBench.run();
    }
}
