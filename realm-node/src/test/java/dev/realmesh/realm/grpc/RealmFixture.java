// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.AgentPolicy.Permission;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.oci.Platform;
import dev.realmesh.realm.attest.EventLog;
import dev.realmesh.realm.attest.EvidenceCollector;
import dev.realmesh.realm.attest.KeyBroker;
import dev.realmesh.realm.attest.RcarClient;
import dev.realmesh.realm.attest.Sessions;
import dev.realmesh.realm.image.PullImage;
import dev.realmesh.realm.rsi.RsiClient;
import dev.realmesh.realm.rsi.ScriptedProcessor;
import dev.realmesh.realm.secret.SecretClient;
import dev.realmesh.testkit.Vectors;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A Realm's surroundings: processor, broker and image service in this process, and the Realm's own parts over them.
public final class RealmFixture implements AutoCloseable {
    /// What the image vectors are for.
    public static final Platform AMD64 = new Platform("linux", "amd64", "");

    /// Any image, and whatever the host asks for.
    public static final ImagePolicy ANY_IMAGE = new ImagePolicy(false, List.of(), List.of());

    private final ScriptedProcessor processor;
    private final BrokerPeer broker = new BrokerPeer();
    private final ImagePeer images;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Server server;
    private final ManagedChannel channel;
    private final RsiClient rsi;

    private RealmFixture(Path folder, ImagePeer images) throws IOException {
        this.processor = ScriptedProcessor.at(folder.resolve("smc.sock"));
        this.rsi = processor.client();
        this.images = images;
        this.server = serve("host-" + folder, broker, images);
        this.channel = InProcessChannelBuilder.forName("host-" + folder)
                .executor(threads)
                .build();
    }

    /// A Realm that is offered an image of the vectors.
    public static RealmFixture offering(String vector, Path folder) throws IOException {
        return offering(Vectors.path("coco/images/" + vector), folder);
    }

    /// A Realm that is offered the image of an OCI layout.
    public static RealmFixture offering(Path layout, Path folder) throws IOException {
        return new RealmFixture(folder, new ImagePeer(layout));
    }

    public ScriptedProcessor processor() {
        return processor;
    }

    public BrokerPeer broker() {
        return broker;
    }

    public ImagePeer images() {
        return images;
    }

    public RsiClient rsi() {
        return rsi;
    }

    /// Leads to broker and image service.
    public Channel host() {
        return channel;
    }

    public Initdata initdata() {
        return new RealmSettings(
                        broker.identity().publicKey(),
                        ANY_IMAGE,
                        AgentPolicy.allowing(Permission.COMMAND, Permission.ENVIRONMENT))
                .toInitdata();
    }

    public KeyBroker keyBroker() {
        return new GrpcKeyBroker(channel, new Calls(3, Duration.ZERO));
    }

    public Sessions sessions() {
        return sessions(InstantSource.system());
    }

    public Sessions sessions(InstantSource clock) {
        return new Sessions(rcar(), clock);
    }

    public RcarClient rcar() {
        return new RcarClient(keyBroker(), new EvidenceCollector(rsi), new EventLog(rsi), initdata());
    }

    public SecretClient secrets() {
        return new SecretClient(keyBroker(), sessions(), broker.identity().publicKey());
    }

    public PullImage pull(ImagePolicy policy) {
        return new PullImage(
                new GrpcImageSource(channel, new Calls(3, Duration.ZERO)),
                secrets(),
                policy,
                AMD64,
                InstantSource.system());
    }

    /// Serves in this process.
    public Server serve(String name, BindableService... services) throws IOException {
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name).executor(threads);
        List.of(services).forEach(builder::addService);
        return builder.build().start();
    }

    @Override
    public void close() throws IOException {
        channel.shutdownNow();
        server.shutdownNow();
        threads.shutdownNow();
        processor.close();
    }
}
