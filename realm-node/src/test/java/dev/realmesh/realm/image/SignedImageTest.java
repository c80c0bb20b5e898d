// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.signature.CosignSignature;
import dev.realmesh.oci.signature.InTotoStatement;
import dev.realmesh.oci.signature.SigningKey;
import dev.realmesh.oci.signature.SigstoreBundle;
import dev.realmesh.oci.signature.SimpleSigning;
import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.grpc.RealmFixture;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Realm itself asks for the signatures that its initdata wants, whatever its host says: before a layer is asked
/// for.
class SignedImageTest {
    private static final String NAME = "registry.example/team/app";
    private static final String POLICY_PATH = "default/security-policy/test";
    private static final String SIGNATURES = "application/vnd.dev.cosign.artifact.sig.v1+json";
    private static final String KEY_PATH = "default/cosign-public-key/test";

    @TempDir
    Path folder;

    private final KeyPair owner = generate();
    private RealmFixture realm;
    private OciDigest digest;

    @BeforeEach
    void start() throws IOException {
        realm = RealmFixture.offering("plain-gzip", folder);
        digest = OciDigest.parse(realm.images().digest());
    }

    @AfterEach
    void stop() throws IOException {
        realm.close();
    }

    @Test
    void signedByOneOfTheKeysIsAdmitted() {
        realm.images().sign(signature(generate(), NAME, digest), signature(owner, NAME, digest));

        assertThat(resolve(keys(pem(generate()), pem(owner))).digest()).isEqualTo(digest);
    }

    @Test
    void signedByReferrerIsAdmitted() {
        realm.images().refer(digest.toString(), SIGNATURES, signature(generate(), NAME, digest));
        realm.images().refer(digest.toString(), SIGNATURES, signature(owner, NAME, digest));

        assertThat(resolve(keys(pem(owner))).digest()).isEqualTo(digest);
    }

    @Test
    void signedByBundleIsAdmitted() {
        realm.images().refer(InTotoStatement.SIGNED, bundle(generate(), digest));
        realm.images().refer(InTotoStatement.SIGNED, bundle(owner, OciDigest.of(new byte[] {1})));
        refused(keys(pem(owner)), "signed with another digest");

        realm.images().refer(InTotoStatement.SIGNED, bundle(owner, digest));
        assertThat(resolve(keys(pem(owner))).digest()).isEqualTo(digest);
    }

    @Test
    void bundleThatCallsItselfAnAttestationIsNotAskedFor() {
        byte[] bundle = bundle(owner, digest);
        realm.images().refer("https://slsa.dev/provenance/v1", bundle);

        refused(keys(pem(owner)), "no signature by the asked key");
        assertThat(realm.images().blobsAsked())
                .doesNotContain(OciDigest.of(bundle).toString());
    }

    @Test
    void bundleHasNoNameThatAPolicyCouldAskFor() {
        realm.images().refer(InTotoStatement.SIGNED, bundle(owner, digest));
        realm.broker().holding(KEY_PATH, pem(owner).getBytes());

        refused(policyAt(policy("\"signedIdentity\":{\"type\":\"matchRepository\"}")), "no signedIdentity");
    }

    @Test
    void referrerCountsByWhatItSaysItself() {
        String other = OciDigest.of(new byte[] {1}).toString();
        realm.images().refer(other, SIGNATURES, signature(owner, NAME, digest));
        realm.images().refer(digest.toString(), "application/vnd.other", signature(owner, NAME, digest));

        refused(keys(pem(owner)), "no signature");
    }

    @Test
    void referrerOfOtherBytesIsRefused() {
        String referrer = realm.images().refer(digest.toString(), SIGNATURES, signature(owner, NAME, digest));
        realm.images().alter(referrer, manifest -> new byte[manifest.length]);

        assertThatThrownBy(() -> resolve(keys(pem(owner)))).isInstanceOf(OciException.class);
    }

    @Test
    void tooManyReferrersAreRefused() {
        for (int i = 0; i <= ImageSource.MAX_REFERRERS; i++) {
            realm.images().refer(digest.toString(), "application/vnd.type-" + i);
        }
        assertThatThrownBy(() -> resolve(keys(pem(owner)))).isInstanceOf(OciException.LimitExceeded.class);
    }

    @Test
    void unsignedIsRefused() {
        refused(keys(pem(owner)), "no signature");
    }

    @Test
    void signedByAnyoneElseIsRefused() {
        realm.images().sign(signature(generate(), NAME, digest));

        refused(keys(pem(owner)), "no signature by the asked key");
    }

    @Test
    void signatureOfAnotherImageIsRefused() {
        realm.images().sign(signature(owner, NAME, OciDigest.of(new byte[] {1})));

        refused(keys(pem(owner)), "another digest");
    }

    @Test
    void alteredPayloadIsRefused() {
        CosignSignature signature = signature(owner, NAME, digest);
        realm.images().sign(signature);
        realm.images().alter(OciDigest.of(signature.payload()).toString(), payload -> new byte[payload.length]);

        assertThatThrownBy(() -> resolve(keys(pem(owner)))).isInstanceOf(OciException.DigestMismatch.class);
        assertThat(realm.images().blobsAsked()).hasSize(1);
    }

    @Test
    void policyAndKeyOfTheBrokerAreEnforced() {
        realm.broker()
                .holding(
                        POLICY_PATH,
                        policy("\"signedIdentity\":{\"type\":\"matchRepository\"}")
                                .getBytes())
                .holding(KEY_PATH, pem(owner).getBytes());
        ImagePolicy policy = policyAt("kbs:///" + POLICY_PATH);
        refused(policy, "no signature");

        realm.images().sign(signature(owner, "registry.example/other", digest));
        refused(policy, "signed as registry.example/other");

        realm.images().sign(signature(owner, NAME, digest));
        assertThat(resolve(policy).digest()).isEqualTo(digest);
    }

    @Test
    void policyOfTheInitdataItselfIsEnforced() {
        refused(policyAt("{\"default\":[{\"type\":\"reject\"}]}"), "rejected");
        assertThat(realm.broker().attestations()).isEmpty();
    }

    @Test
    void withoutItsPolicyNothingIsAdmitted() {
        assertThatThrownBy(() -> resolve(policyAt("kbs:///default/absent/policy")))
                .isInstanceOf(BrokerException.class);
    }

    @Test
    void signaturesThatCannotBeHadAreNotTakenForNone() {
        realm.images().fail(Status.UNAVAILABLE);

        assertThatThrownBy(() -> resolve(keys(pem(owner)))).isInstanceOf(ImageException.Unavailable.class);
    }

    private void refused(ImagePolicy policy, String reason) {
        assertThatThrownBy(() -> resolve(policy))
                .isInstanceOf(ImageException.Refused.class)
                .hasMessageContaining(reason);
        assertThat(realm.images().blobsAsked()).doesNotContain(realm.images().layer(0));
    }

    private ResolvedImage resolve(ImagePolicy policy) {
        return realm.pull(policy).resolve(Reference.parse(NAME + ":1"));
    }

    private static ImagePolicy keys(String... pems) {
        return new ImagePolicy(false, List.of(), List.of(pems));
    }

    private static ImagePolicy policyAt(String where) {
        return new ImagePolicy(false, List.of(), List.of(), Optional.of(where));
    }

    private static String policy(String identity) {
        return "{\"default\":[{\"type\":\"reject\"}],\"transports\":{\"docker\":{\"registry.example\":[{\"type\":"
                + "\"sigstoreSigned\",\"keyPath\":\"kbs:///" + KEY_PATH + "\"," + identity + "}]}}}";
    }

    private static CosignSignature signature(KeyPair key, String name, OciDigest signed) {
        return SigningKey.parse(encoded("PRIVATE KEY", key.getPrivate().getEncoded()))
                .sign(new SimpleSigning(name, signed));
    }

    private static byte[] bundle(KeyPair key, OciDigest signed) {
        return SigstoreBundle.toJson(
                SigningKey.parse(encoded("PRIVATE KEY", key.getPrivate().getEncoded()))
                        .sign(new InTotoStatement(Set.of(signed))));
    }

    private static String pem(KeyPair key) {
        return encoded("PUBLIC KEY", key.getPublic().getEncoded());
    }

    private static String encoded(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type
                + "-----\n";
    }

    private static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
