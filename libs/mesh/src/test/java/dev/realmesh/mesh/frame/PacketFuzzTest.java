// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any bytes are a packet that is written back the same, or refused. Regression of the inputs beside it in the
/// build; `JAZZER_FUZZ=1` searches for more.
class PacketFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void readsOrRefuses(byte[] bytes) {
        PacketTest.readOrRefuse(bytes);
    }
}
