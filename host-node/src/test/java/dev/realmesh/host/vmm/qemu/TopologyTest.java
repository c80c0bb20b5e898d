// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.host.vmm.plan.PlanException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `-smp` means, with the cases of `realm-measurements`' own tests.
class TopologyTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4                                     | 4
            cpus=4                                | 4
            cores=4                               | 4
            maxcpus=4                             | 4
            cores=2,maxcpus=8                     | 8
            cores=2,sockets=2,maxcpus=16          | 16
            threads=2,cores=2,sockets=2,clusters=2 | 16
            8,sockets=2,clusters=2,cores=2,threads=1 | 8
            5,sockets=2                           | 4
            """)
    void countsProcessors(String list, int processors) {
        Topology topology = new Topology();
        topology.add(list);

        assertThat(topology.processors()).isEqualTo(processors);
    }

    @Test
    void addsUpOverSeveralOptions() {
        Topology topology = new Topology();
        topology.add("12");
        topology.add("clusters=2,threads=2");

        assertThat(topology.processors()).isEqualTo(12);
    }

    @Test
    void hasOneProcessorWithoutBeingAsked() {
        assertThat(new Topology().processors()).isEqualTo(1);
    }

    @Test
    void tellsWhatItPassedOver() {
        assertThat(new Topology().add("2,dies=1"))
                .singleElement()
                .hasToString("Property[name=dies, value=Optional[1]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0", "cores=0", "-1", "cpus=2,maxcpus=4", "2,sockets=4"})
    void refusesTheRest(String list) {
        assertThatThrownBy(() -> {
                    Topology topology = new Topology();
                    topology.add(list);
                    topology.processors();
                })
                .isInstanceOf(PlanException.BadArguments.class);
    }
}
