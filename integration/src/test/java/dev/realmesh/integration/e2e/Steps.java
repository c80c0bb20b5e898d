// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import dev.realmesh.proto.host.v1.RunContainerResponse;
import dev.realmesh.proto.host.v1.StepFinished;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Seconds of the steps of some runs, in the order in which steps first came.
final class Steps {
    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

    void add(String step, double took) {
        seconds.computeIfAbsent(step, name -> new ArrayList<>()).add(took);
    }

    /// Adds the step that an event tells of, if it does.
    void add(RunContainerResponse event) {
        if (event.hasStep()) {
            StepFinished step = event.getStep();
            add(
                    step.getStep(),
                    step.getElapsed().getSeconds() + step.getElapsed().getNanos() / 1e9);
        }
    }

    Set<String> names() {
        return seconds.keySet();
    }

    double median(String step) {
        double[] sorted = seconds.getOrDefault(step, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    static double since(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
