// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import dev.realmesh.integration.e2e.LaunchBench;
import dev.realmesh.integration.e2e.ManyRealmsBench;
import dev.realmesh.integration.e2e.PullBench;
import dev.realmesh.integration.e2e.RunBench;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// `BenchMain [NAME…]`: runs the benchmarks bus, decrypt, encrypt, run, measure, rmi, launch, realms, pull, appraise
/// and
/// kbs, or those that are named, and prints each beside its peer, or what is the least that it can cost.
public final class BenchMain {
    private static final Map<String, Benchmark> BENCHMARKS = new LinkedHashMap<>();

    static {
        BENCHMARKS.put("bus", BenchMain::bus);
        BENCHMARKS.put("decrypt", DecryptBench::run);
        BENCHMARKS.put("encrypt", EncryptBench::run);
        BENCHMARKS.put("run", RunBench::run);
        BENCHMARKS.put("measure", MeasureBench::run);
        BENCHMARKS.put("rmi", RmiBench::run);
        BENCHMARKS.put("launch", LaunchBench::run);
        BENCHMARKS.put("realms", ManyRealmsBench::run);
        BENCHMARKS.put("pull", PullBench::run);
        BENCHMARKS.put("appraise", AppraiseBench::run);
        BENCHMARKS.put("kbs", KbsBench::run);
    }

    private BenchMain() {}

    /// Measures and prints.
    private interface Benchmark {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        Collection<String> names = args.length == 0 ? BENCHMARKS.keySet() : List.of(args);
        if (!BENCHMARKS.keySet().containsAll(names)) {
            System.err.println("bench: " + names + " (expected: some of " + BENCHMARKS.keySet() + ")");
            System.exit(2);
        }
        for (String name : names) {
            BENCHMARKS.getOrDefault(name, () -> {}).run();
        }
    }

    /// Runs [BusBench] and prints the ratio of the bus to its peer; more is better.
    private static void bus() throws RunnerException {
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
    }
}
