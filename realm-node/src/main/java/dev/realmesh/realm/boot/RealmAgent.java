// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.boot;

import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.oci.Platform;
import dev.realmesh.realm.attest.EventLog;
import dev.realmesh.realm.attest.EvidenceCollector;
import dev.realmesh.realm.attest.KeyBroker;
import dev.realmesh.realm.attest.RcarClient;
import dev.realmesh.realm.attest.Sessions;
import dev.realmesh.realm.attest.WorkloadToken;
import dev.realmesh.realm.container.Containers;
import dev.realmesh.realm.container.CreateContainer;
import dev.realmesh.realm.container.Crun;
import dev.realmesh.realm.container.HostRights;
import dev.realmesh.realm.container.IdMap;
import dev.realmesh.realm.container.Init;
import dev.realmesh.realm.container.PrepareContainer;
import dev.realmesh.realm.container.PrivateNetwork;
import dev.realmesh.realm.container.RecordStart;
import dev.realmesh.realm.container.RunContainer;
import dev.realmesh.realm.container.StartContainer;
import dev.realmesh.realm.container.StartMeasured;
import dev.realmesh.realm.grpc.Calls;
import dev.realmesh.realm.grpc.GrpcImageSource;
import dev.realmesh.realm.grpc.GrpcKeyBroker;
import dev.realmesh.realm.grpc.GrpcTunnels;
import dev.realmesh.realm.grpc.RealmAgentGrpc;
import dev.realmesh.realm.image.PullImage;
import dev.realmesh.realm.image.RoutedSource;
import dev.realmesh.realm.rest.WorkloadApi;
import dev.realmesh.realm.rsi.RsiClient;
import dev.realmesh.realm.secret.SecretClient;
import io.grpc.BindableService;
import io.grpc.Channel;
import java.time.Duration;
import java.time.InstantSource;

/// Wires the agent of one Realm.
final class RealmAgent {
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final RsiClient rsi;
    private final Initdata initdata;
    private final RealmSettings settings;
    private final RealmPlaces places;
    private final InstantSource clock;

    /// The agent of a Realm with this initdata.
    ///
    /// @param initdata what the Realm was personalised with
    /// @param settings what it says
    RealmAgent(RsiClient rsi, Initdata initdata, RealmSettings settings, RealmPlaces places, InstantSource clock) {
        this.rsi = rsi;
        this.initdata = initdata;
        this.settings = settings;
        this.places = places;
        this.clock = clock;
    }

    /// The agent, which reaches key-broker and image-service over a channel.
    Served over(Channel host) {
        KeyBroker broker = new GrpcKeyBroker(host, Calls.standard());
        EvidenceCollector evidence = new EvidenceCollector(rsi);
        EventLog events = new EventLog(rsi);
        RcarClient rcar = new RcarClient(broker, evidence, events, initdata);
        Sessions sessions = new Sessions(rcar, clock);
        SecretClient secrets = new SecretClient(broker, sessions, settings.keyBrokerIdentity());
        RoutedSource.Origins origins =
                new RoutedSource.Origins(new GrpcImageSource(host, Calls.standard()), new GrpcTunnels(host));
        PullImage pull = new PullImage(
                RoutedSource.of(origins, settings.privateRegistries(), secrets, clock),
                secrets,
                settings.imagePolicy(),
                Platform.current(),
                clock);
        WorkloadApi api = WorkloadApi.of(
                settings.workloadFeatures(),
                new WorkloadApi.Parts(secrets, new WorkloadToken(rcar, events, clock), evidence, events));
        Crun crun = new Crun(places.crun(), places.crunState(), STOP_GRACE);
        StartContainer start = new StartContainer(crun, PrivateNetwork.prepare(), api);
        PrepareContainer prepare =
                new PrepareContainer(secrets, start, new Init(places.init()), IdMap.ofProcess(places.process()));
        Containers containers = new Containers(
                new CreateContainer(sessions, pull, prepare, places.work(), clock),
                new StartMeasured(events, start),
                crun,
                new HostRights(settings.agentPolicy()),
                clock);
        RecordStart record = new RecordStart(sessions, clock);
        RunContainer run = new RunContainer(containers, record, STOP_GRACE, clock);
        return new Served(new RealmAgentGrpc(run, containers, record), containers);
    }

    /// The agent's service, and the containers that it has.
    record Served(BindableService service, Containers containers) {}
}
