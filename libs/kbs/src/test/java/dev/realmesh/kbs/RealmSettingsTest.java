// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.kbs.AgentPolicy.Permission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the owner of a workload pins: an unsaid thing is the strict one, an unknown thing is refused.
class RealmSettingsTest {
    /// Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=root.test`.
    private static final String ROOT = """
            -----BEGIN CERTIFICATE-----
            MIIBfjCCASOgAwIBAgIUS3owYrdWWrujMm7DZ1mjgm2jUdkwCgYIKoZIzj0EAwIw
            FDESMBAGA1UEAwwJcm9vdC50ZXN0MB4XDTI2MTEyOTEyMzQ0MVoXDTM2MTEyNjEy
            MzQ0MVowFDESMBAGA1UEAwwJcm9vdC50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
            AQcDQgAEmUkimVKXRbeVLTu5RueAJW12vPglQI+mPG6w1Gx7dwA5BMKMOdpmqpKS
            3/d8HTYvdJEcr8WaHqJVSjyeww4g5qNTMFEwHQYDVR0OBBYEFEbdi0Sxmyddnqus
            VSUmlJ+Qh/aqMB8GA1UdIwQYMBaAFEbdi0SxmyddnqusVSUmlJ+Qh/aqMA8GA1Ud
            EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhANIhT003rb35XmWtik1D1VN0
            t1aYpfxQVUXmxaFaFt3TAiEA3qZGYzGRwl/Sp5E4sdtUC3SbJyAC69eHrmfL60DG
            /no=
            -----END CERTIFICATE-----""";

    private final BrokerPublicKey broker = BrokerIdentity.generate().publicKey();
    private final String identity = "key-broker-identity = '" + broker.toJwk() + "'\n";

    @Test
    void settingsTravelThroughInitdataAndDisk() {
        RealmSettings settings = new RealmSettings(
                broker,
                new ImagePolicy(
                        false,
                        List.of("sha256:" + "0a".repeat(32)),
                        List.of("-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n"),
                        Optional.of("{\n  \"default\": []\n}\n")),
                AgentPolicy.allowing(Permission.COMMAND, Permission.EXEC),
                WorkloadFeatures.ALL);

        Initdata delivered = InitdataDisk.read(InitdataDisk.write(settings.toInitdata()));

        assertThat(RealmSettings.in(delivered)).isEqualTo(settings);
        assertThat(delivered.isBoundTo(settings.toInitdata().personalizationValue()))
                .isTrue();
        assertThat(delivered.digest()).hasSize(64);
    }

    @Test
    void whatIsNotSaidIsForbidden() {
        RealmSettings settings = RealmSettings.parse(identity);

        assertThat(settings.imagePolicy()).isEqualTo(ImagePolicy.ENCRYPTED_ONLY);
        assertThat(settings.agentPolicy()).isEqualTo(AgentPolicy.NOTHING);
        assertThat(settings.imagePolicy().requireEncryption()).isTrue();
    }

    /// Settings written before a key was there must keep their digest: it is the RPV of Realms.
    @Test
    void whatIsAsByDefaultAddsNoBytes() {
        assertThat(AgentPolicy.NOTHING.toToml())
                .isEqualTo("allow-command = false\nallow-environment = false\nallow-exec = false\n");
        assertThat(AgentPolicy.allowing(Permission.SECRET_FILES)
                        .without(Permission.OUTPUT)
                        .toToml())
                .endsWith("allow-exec = false\nallow-secret-files = true\nallow-output = false\n");
    }

    @ParameterizedTest
    @EnumSource
    void eachPermissionIsSaidByItsKey(Permission permission) {
        for (boolean given : List.of(true, false)) {
            String text = identity + "[agent-policy]\n" + permission.key() + " = " + given + "\n";
            RealmSettings settings = RealmSettings.parse(text);
            assertThat(settings.agentPolicy().allows(permission)).isEqualTo(given);
            assertThat(RealmSettings.parse(settings.toToml())).isEqualTo(settings);
        }
    }

    @Test
    void workloadHasSecretsAloneUnlessToldOtherwise() {
        assertThat(RealmSettings.parse(identity).workloadFeatures()).isEqualTo(WorkloadFeatures.RESOURCE);
        assertThat(new RealmSettings(broker, ImagePolicy.ENCRYPTED_ONLY, AgentPolicy.NOTHING).toToml())
                .doesNotContain("api-server-rest");
        for (AgentPolicy chosenByHost :
                List.of(AgentPolicy.allowing(Permission.COMMAND), AgentPolicy.allowing(Permission.EXEC))) {
            RealmSettings settings = new RealmSettings(broker, ImagePolicy.ENCRYPTED_ONLY, chosenByHost);
            assertThat(settings.workloadFeatures()).isEqualTo(WorkloadFeatures.NONE);
            assertThat(RealmSettings.parse(settings.toToml())).isEqualTo(settings);
            assertThat(settings.toToml()).doesNotContain("api-server-rest");
            RealmSettings all =
                    new RealmSettings(broker, ImagePolicy.ENCRYPTED_ONLY, chosenByHost, WorkloadFeatures.RESOURCE);
            assertThat(RealmSettings.parse(all.toToml())).isEqualTo(all);
        }
        for (WorkloadFeatures features : WorkloadFeatures.values()) {
            String more = "[api-server-rest]\nfeatures = \"" + features.text() + "\"\n";
            assertThat(RealmSettings.parse(identity + more).workloadFeatures()).isEqualTo(features);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow-everything = true",
                "[image-policy]\nrequire-encrypted = true",
                "[image-policy]\nrequire-encryption = \"no\"",
                "[image-policy]\nmanifest-digests = \"sha256:00\"",
                "[image-policy]\nmanifest-digests = [\"sha256:00\"]",
                "[image-policy]\nsignature-keys = [1]",
                "[image-policy]\nsignature-keys = [\"file:///etc/key.pem\"]",
                "[agent-policy]\nallow-exec = 1",
                "[agent-policy]\nallow = true",
                "agent-policy = true",
                "[api-server-rest]\nfeatures = \"everything\"",
                "[api-server-rest]\nfeatures = \"RESOURCE\"",
                "[api-server-rest]\nfeatures = [\"all\"]",
                "[api-server-rest]\nbind = \"0.0.0.0:8006\"",
                "[[agent-policy]]\nallow-exec = true",
                "[image]\nregistry-credentials = \"file:///etc/auth.json\"",
                "[image]\nregistry-credentials = [\"kbs:///default/registry-credential/team\"]",
                "[image]\nextra-root-certificates = \"-----BEGIN CERTIFICATE-----\"",
                "[image]\nextra-root-certificates = [\"-----BEGIN CERTIFICATE-----\\nMFkw\\n-----END CERTIFICATE-----\"]",
                "[image]\ninsecure = true"
            })
    void whatIsNotUnderstoodIsRefused(String more) {
        assertThatThrownBy(() -> RealmSettings.parse(identity + more)).isInstanceOf(KbsException.Malformed.class);
    }

    @Test
    void privateRegistriesAreSaidOrAddNoBytes() {
        RealmSettings usual = RealmSettings.parse(identity);
        assertThat(usual.privateRegistries()).isEqualTo(PrivateRegistries.NONE);
        assertThat(usual.toToml()).doesNotContain("[image]");

        RealmSettings settings = RealmSettings.parse(identity + "[image]\n"
                + "registry-credentials = \"kbs://broker.test/default/registry-credential/team\"\n"
                + "extra-root-certificates = ['''\n" + ROOT + "''']\n");

        assertThat(settings.privateRegistries().credentials())
                .hasToString("Optional[kbs:///default/registry-credential/team]");
        assertThat(settings.privateRegistries().extraRoots())
                .singleElement()
                .satisfies(root ->
                        assertThat(root.getSubjectX500Principal().getName()).isEqualTo("CN=root.test"));
        assertThat(RealmSettings.parse(settings.toToml())).isEqualTo(settings);
    }

    @Test
    void brokerMustBePinned() {
        Initdata none = Initdata.of(Initdata.Algorithm.SHA512, Map.of("aa.toml", "x = 1\n"));

        assertThatThrownBy(() -> RealmSettings.in(none)).isInstanceOf(KbsException.Malformed.class);
        assertThatThrownBy(() -> RealmSettings.parse("[agent-policy]\n")).isInstanceOf(KbsException.Malformed.class);
        assertThatThrownBy(() -> RealmSettings.parse("key-broker-identity = 5\n"))
                .isInstanceOf(KbsException.Malformed.class);
    }
}
