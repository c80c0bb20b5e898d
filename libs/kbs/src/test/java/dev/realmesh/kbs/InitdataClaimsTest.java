// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.testkit.Vectors;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Initdata as a token repeats it. That a real attestation service says the same is for the tests of the service.
class InitdataClaimsTest {
    @Test
    void settingsAreObjectsAndOfThePolicyThereIsTheData() {
        Initdata initdata = Initdata.parse(Vectors.bytes("coco/initdata/sha384.toml"));

        assertThat(InitdataClaims.of(initdata)).isEqualTo(JsonMapper.shared().readTree("""
                {"aa.toml": {"token_configs": {"kbs": {"url": "http://127.0.0.1:8080"}}},
                 "cdh.toml": {
                   "socket": "unix:///run/confidential-containers/cdh.sock",
                   "credentials": [],
                   "kbc": {"name": "cc_kbc", "url": "http://127.0.0.1:8080"},
                   "image": {"image_security_policy_uri": "kbs:///default/security-policy/test"}},
                 "agent_policy_claims": {
                   "common": {"cpath": "/run/kata-containers/shared/containers"},
                   "containers": []}}
                """));
    }

    @Test
    void textThatIsNotWhatItsNameSaysStaysAText() {
        Map<String, String> data = Map.of(
                "aa.toml", "no = = toml",
                "policy.rego", "package agent_policy\npolicy_data := {\"a\": 1}\nmore := true",
                "other.toml", "a = 1");

        var claims = InitdataClaims.of(Initdata.of(Initdata.Algorithm.SHA256, data));

        assertThat(claims.propertyNames()).containsExactlyInAnyOrderElementsOf(data.keySet());
        data.forEach(
                (name, text) -> assertThat(claims.required(name).stringValue()).isEqualTo(text));
    }
}
