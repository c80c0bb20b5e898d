// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.ear.Ear;
import dev.realmesh.keybroker.admin.AdminConfig;
import dev.realmesh.proto.keybroker.v1.AuditEntry;
import dev.realmesh.proto.keybroker.v1.DeleteResourceRequest;
import dev.realmesh.proto.keybroker.v1.ListAuditEntriesRequest;
import dev.realmesh.testkit.Vectors;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every release, refusal and change is in the audit log, and no secret is.
class AuditedBrokerTest {
    private static final String SECRET = "of the owner";

    @TempDir
    Path folder;

    @Test
    void recordsWhatAdministratorsAndRealmsDo() {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            broker.put("a/key/1", SECRET.getBytes(StandardCharsets.UTF_8));
            GuestUnderTest guest = new GuestUnderTest(broker.guest());
            String result = guest.attest(broker.initdata).getResultId();
            guest.get("a/key/1");
            assertThatThrownBy(() -> guest.get("a/key/2")).isInstanceOf(StatusRuntimeException.class);
            broker.owner()
                    .deleteResource(DeleteResourceRequest.newBuilder()
                            .setPath("a/key/1")
                            .build());

            assertThat(broker.audit())
                    .containsExactly(
                            "admin:admin-token PUT a/key/1 DONE version 1",
                            "realm:" + result + " ATTEST  DONE ",
                            "realm:" + result + " RELEASE a/key/1 DONE ",
                            "realm:" + result + " RELEASE a/key/2 REFUSED not there",
                            "admin:admin-token DELETE a/key/1 DONE ");
            assertThat(entries(broker).toString()).doesNotContain(SECRET);
        }
    }

    @Test
    void recordsRefusedEvidenceWithItsReason() {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            var submods = ScriptedVerifier.affirmingSubmods(broker.initdata.personalizationValue());
            submods.put(Ear.REALM, ScriptedVerifier.submod(96));
            broker.verifier.answerSubmods(submods);
            GuestUnderTest guest = new GuestUnderTest(broker.guest());

            assertThatThrownBy(() -> guest.attest(broker.initdata)).isInstanceOf(StatusRuntimeException.class);

            assertThat(broker.audit())
                    .singleElement()
                    .asString()
                    .contains(" ATTEST  REFUSED appraisal: submod CCA_REALM: contraindicated");
        }
    }

    @Test
    void recordsWhatARoleMayNotDo() {
        AdminConfig admins = new AdminConfig(
                "TrusteeInDocker",
                "KBS",
                List.of(Vectors.path("coco/kbs-http/admin-public.pem")),
                List.of("admin /nowhere"));
        try (BrokerUnderTest broker = new BrokerUnderTest(folder, admins);
                KbsClientUnderTest client = new KbsClientUnderTest(broker)) {
            broker.clock.advance(Duration.ofMinutes(-70));
            String authorization = KbsClientUnderTest.JSON
                    .readTree(Vectors.bytes("coco/kbs-http/admin.json"))
                    .get(0)
                    .at("/request/headers/Authorization")
                    .stringValue();

            client.send("POST", "/kbs/v0/resource/a/b/c", Map.of("Authorization", authorization), "mine");

            assertThat(broker.audit())
                    .containsExactly("admin:admin ADMINISTER /kbs/v0/resource/a/b/c REFUSED role admin");
        }
    }

    /// A guest that asks again after the broker was restarted attests again; what it had before is recorded once.
    @Test
    void outlivesARestart() {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            broker.put("a/key/1", SECRET.getBytes(StandardCharsets.UTF_8));
            new GuestUnderTest(broker.guest()).attest(broker.initdata);
        }
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            GuestUnderTest guest = new GuestUnderTest(broker.guest());
            guest.attest(broker.initdata);
            guest.get("a/key/1");

            assertThat(entries(broker).stream().map(AuditEntry::getAction))
                    .containsExactly("PUT", "ATTEST", "ATTEST", "RELEASE");
            assertThat(entries(broker).stream().map(AuditEntry::getSequence)).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    private static List<AuditEntry> entries(BrokerUnderTest broker) {
        return broker.owner()
                .listAuditEntries(ListAuditEntriesRequest.getDefaultInstance())
                .getEntriesList();
    }
}
