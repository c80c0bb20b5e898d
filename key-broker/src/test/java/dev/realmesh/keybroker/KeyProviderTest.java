// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.realmesh.keybroker.keyprovider.KeyProviderConfig;
import dev.realmesh.oci.crypt.KeyPacket;
import dev.realmesh.proto.keybroker.v1.AuditEntry;
import dev.realmesh.proto.keybroker.v1.ListAuditEntriesRequest;
import dev.realmesh.proto.keybroker.v1.ListResourcesRequest;
import dev.realmesh.proto.keyprovider.KeyProviderKeyWrapProtocolInput;
import dev.realmesh.proto.keyprovider.KeyProviderServiceGrpc;
import dev.realmesh.testkit.Vectors;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// ocicrypt's key provider protocol over gRPC, with the words of a recorded exchange of the real coco-keyprovider.
class KeyProviderTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNode RECORDED = JSON.readTree(Vectors.bytes("coco/keyprovider/wrap.json"));
    private static final String KEY = "default/image-kek/app";
    private static final int MAX_KEYS = 3;
    private static final int MAX_WRAPS = 40;

    @TempDir
    Path folder;

    private BrokerUnderTest broker;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        var provider =
                new KeyProviderConfig("127.0.0.1", 0, Optional.empty(), "default/image-kek/", MAX_KEYS, MAX_WRAPS);
        broker = BrokerUnderTest.with(folder, defaults -> defaults.withKeyProvider(provider));
        channel = OkHttpChannelBuilder.forAddress(
                        "127.0.0.1", broker.broker.keyProviderPort().orElseThrow())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        broker.close();
    }

    /// The recorded request but for its `keypath` and `algorithm`, which a provider on another machine has no use for.
    @Test
    void answersTheRecordedRequestWithAPacketThatItsKeyOpens() {
        ObjectNode answer = wrap(request("keyid=kbs:///default/image-kek/shared-1"));

        assertThat(answer.propertyNames())
                .containsExactlyElementsOf(RECORDED.get("response").propertyNames());
        assertThat(answer.at("/keywrapresults").propertyNames())
                .containsExactlyElementsOf(
                        RECORDED.at("/response/keywrapresults").propertyNames());
        byte[] packet = annotation(answer);
        assertThat(JSON.readTree(packet).propertyNames())
                .containsExactlyElementsOf(
                        JSON.readTree(annotation(RECORDED.get("response"))).propertyNames());
        assertThat(JSON.readTree(packet).get("kid").stringValue()).isEqualTo("kbs:///default/image-kek/shared-1");
        assertThat(opened(packet)).isEqualTo(privateOptions());
    }

    @Test
    void wrapsByTheKeyThatIsThere() {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 7);
        broker.put(KEY, key);

        byte[] packet = annotation(wrap(request("keyid=kbs:///" + KEY + "::algorithm=A256GCM::sample=false")));

        assertThat(KeyPacket.parse(packet).unwrap(new SecretKeySpec(key, "AES")))
                .isEqualTo(privateOptions());
        assertThat(secret(KEY)).isEqualTo(key);
    }

    @Test
    void takesPrivateOptionsAsTheArrayOfNumbersThatRustWrites() {
        ObjectNode request = request("keyid=/" + KEY);
        var numbers = ((ObjectNode) request.get("keywrapparams")).putArray("optsdata");
        for (byte each : privateOptions()) {
            numbers.add(Byte.toUnsignedInt(each));
        }

        assertThat(opened(annotation(wrap(request)))).isEqualTo(privateOptions());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "algorithm=A256GCM"})
    void makesAKeyOfItsOwnWhereNoneIsNamed(String parameters) {
        KeyPacket packet = KeyPacket.parse(annotation(wrap(request(parameters))));

        assertThat(packet.kid()).matches("kbs:///default/image-kek/[0-9a-f-]{36}");
        assertThat(opened(packet.toJson())).isEqualTo(privateOptions());
    }

    @Test
    void recordsEachKeyThatItMakes() {
        annotation(wrap(request("keyid=kbs:///" + KEY)));
        annotation(wrap(request("keyid=kbs://broker.example:8080/" + KEY)));

        assertThat(audit())
                .extracting(entry -> entry.getActor() + " " + entry.getAction() + " " + entry.getSubject())
                .containsExactly("key-provider PUT " + KEY);
    }

    /// skopeo encrypts the layers of an image side by side.
    @Test
    void makesOneKeyForAllWhoNameItAtOnce() throws Exception {
        ConcurrentSkipListSet<String> opened = new ConcurrentSkipListSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<java.util.concurrent.Future<byte[]>> packets = threads.invokeAll(
                    java.util.Collections.nCopies(16, () -> annotation(wrap(request("keyid=kbs:///" + KEY)))));
            for (var packet : packets) {
                opened.add(new String(opened(packet.get()), StandardCharsets.UTF_8));
            }
        }

        assertThat(opened).containsExactly(new String(privateOptions(), StandardCharsets.UTF_8));
        assertThat(audit()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "keyid=kbs:///default/image-kek/a::keypath=/etc/shadow, keypath",
        "sample=true, sample",
        "keyid=kbs:///default/image-kek/a::algorithm=A256CTR, algorithm",
        "keyid=kbs:///default/image-kek, keyid",
        "keyid=kbs:///default/image-kek/a/b, keyid",
        "keyid=kbs:///default/image-kek/.., keyid",
        "keyid=kbs+vault:///default/image-kek/a, keyid",
        "keyid=kbs:///default/image-kek/a::keyid=kbs:///default/image-kek/b, parameters",
        "colour=red, parameters",
        "keyid, parameters"
    })
    void refusesWhatItDoesNotDoAndMakesNothing(String parameters, String named) {
        refused(Status.Code.INVALID_ARGUMENT, request(parameters), named + ": ");
    }

    @Test
    void leavesOtherSecretsAlone() {
        byte[] secret = new byte[32];
        broker.put("default/key/database", secret);

        refused(
                Status.Code.PERMISSION_DENIED,
                request("keyid=kbs:///default/key/database"),
                "keyid: default/key/database (expected: a path that begins with default/image-kek/)",
                "default/key/database");
        refused(
                Status.Code.PERMISSION_DENIED,
                request("keyid=kbs:///default/key/free"),
                "keyid: default/key/free",
                "default/key/database");
    }

    @Test
    void refusesToWrapByWhatIsNoKey() {
        broker.put(KEY, "a password".getBytes(StandardCharsets.UTF_8));

        refused(Status.Code.FAILED_PRECONDITION, request("keyid=kbs:///" + KEY), "keyid: " + KEY, KEY);
        assertThat(secret(KEY)).asString(StandardCharsets.UTF_8).isEqualTo("a password");
    }

    @Test
    void encryptsNothingButPrivateOptionsOfLayers() {
        ObjectNode request = request("keyid=kbs:///" + KEY);
        ((ObjectNode) request.get("keywrapparams"))
                .put(
                        "optsdata",
                        Base64.getEncoder()
                                .encodeToString("{\"symkey\":\"c2hvcnQ=\"}".getBytes(StandardCharsets.UTF_8)));
        broker.put(KEY, new byte[32]);

        refused(Status.Code.INVALID_ARGUMENT, request, "optsdata: ", KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"op\":\"keywrap\"}",
                "{\"op\":\"keyunwrap\"}",
                "{\"op\":\"keywrap\",\"keywrapparams\":{\"ec\":null}}"
            })
    void refusesWhatIsNotTheProtocol(String input) {
        assertThatThrownBy(() -> call(input.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
        assertThat(paths()).isEmpty();
    }

    @Test
    void refusesAnInputThatIsTooLong() {
        refused(Status.Code.INVALID_ARGUMENT, request("keyid=" + "a".repeat(1024)), "parameters: ");
        assertThatThrownBy(() -> call(new byte[100_000])).isInstanceOf(StatusRuntimeException.class);
        assertThat(paths()).isEmpty();
    }

    @Test
    void opensNothing() {
        broker.put(KEY, new byte[32]);
        var unwrap = KeyProviderKeyWrapProtocolInput.newBuilder()
                .setKeyProviderKeyWrapProtocolInput(ByteString.copyFrom(
                        JSON.writeValueAsBytes(JSON.readTree(Vectors.bytes("coco/annotation-packet/cases.json"))
                                .get(0)
                                .get("unwrapRequest"))))
                .build();

        assertThatThrownBy(() -> KeyProviderServiceGrpc.newBlockingStub(channel).unWrapKey(unwrap))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
                    assertThat(e.getStatus().getDescription()).contains("a Realm that attested");
                });
    }

    @Test
    void makesOnlySoManyKeysAndStillWrapsByThem() {
        for (int i = 0; i < MAX_KEYS; i++) {
            annotation(wrap(request("keyid=kbs:///default/image-kek/" + i)));
        }

        assertThatThrownBy(() -> wrap(request(""))).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(e.getStatus().getDescription()).contains("max-keys");
        });
        assertThat(paths()).hasSize(MAX_KEYS);
        annotation(wrap(request("keyid=kbs:///default/image-kek/0")));
    }

    @Test
    void wrapsOnlySoOftenInAMinute() {
        for (int i = 0; i < MAX_WRAPS; i++) {
            annotation(wrap(request("keyid=kbs:///" + KEY)));
        }

        assertThatThrownBy(() -> wrap(request("keyid=kbs:///" + KEY)))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        broker.clock.advance(Duration.ofMinutes(1));
        annotation(wrap(request("keyid=kbs:///" + KEY)));
    }

    private void refused(Status.Code code, ObjectNode request, String description, String... left) {
        List<AuditEntry> before = audit();
        assertThatThrownBy(() -> wrap(request)).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).isEqualTo(code);
            assertThat(e.getStatus().getDescription()).startsWith(description).contains("(expected: ");
        });
        assertThat(paths()).containsExactly(left);
        assertThat(audit()).isEqualTo(before);
    }

    /// The recorded request, with other parameters.
    private static ObjectNode request(String parameters) {
        ObjectNode request = (ObjectNode) RECORDED.get("request").deepCopy();
        ((ObjectNode) request.at("/keywrapparams/ec/Parameters"))
                .putArray("attestation-agent")
                .add(Base64.getEncoder().encodeToString(parameters.getBytes(StandardCharsets.UTF_8)));
        return request;
    }

    private static byte[] privateOptions() {
        return Base64.getDecoder()
                .decode(RECORDED.at("/request/keywrapparams/optsdata").stringValue());
    }

    private ObjectNode wrap(ObjectNode request) {
        return (ObjectNode) JSON.readTree(call(JSON.writeValueAsBytes(request)));
    }

    private byte[] call(byte[] input) {
        return KeyProviderServiceGrpc.newBlockingStub(channel)
                .wrapKey(KeyProviderKeyWrapProtocolInput.newBuilder()
                        .setKeyProviderKeyWrapProtocolInput(ByteString.copyFrom(input))
                        .build())
                .getKeyProviderKeyWrapProtocolOutput()
                .toByteArray();
    }

    private static byte[] annotation(JsonNode answer) {
        JsonNode numbers = answer.at("/keywrapresults/annotation");
        byte[] annotation = new byte[numbers.size()];
        for (int i = 0; i < annotation.length; i++) {
            annotation[i] = (byte) numbers.get(i).intValue();
        }
        return annotation;
    }

    /// What a Realm finds in a packet, whose key it gets by its kid.
    private byte[] opened(byte[] packet) {
        KeyPacket parsed = KeyPacket.parse(packet);
        String path = parsed.kid().substring("kbs:///".length());
        return parsed.unwrap(new SecretKeySpec(secret(path), "AES"));
    }

    private byte[] secret(String path) {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(broker.initdata);
        return guest.secret(path, broker.broker.identity());
    }

    private List<String> paths() {
        return broker.owner()
                .listResources(ListResourcesRequest.getDefaultInstance())
                .getPathsList();
    }

    private List<AuditEntry> audit() {
        return broker.owner().listAuditEntries(ListAuditEntriesRequest.getDefaultInstance()).getEntriesList().stream()
                .filter(entry -> entry.getActor().equals("key-provider"))
                .toList();
    }
}
