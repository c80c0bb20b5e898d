// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.boot;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RealmConfig;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.InitdataDisk;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.mesh.link.GuestLink;
import dev.realmesh.realm.container.Containers;
import dev.realmesh.realm.rsi.Conduit;
import dev.realmesh.realm.rsi.RsiClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of a Realm: agree with the monitor, check what the Realm was personalised with, serve the host until it
/// leaves,
/// power off. A Realm whose initdata is not the one that its RPV names never opens the link.
public final class RealmBoot {
    private static final Logger LOG = LoggerFactory.getLogger(RealmBoot.class);
    private static final String SCRATCH = "REALM_SCRATCH_IPA";
    private static final String CPUS = "REALM_CPUS";
    private static final int MAX_CPUS = 512;

    private final RealmPlaces places;
    private final Map<String, String> environment;
    private final InstantSource clock;

    public RealmBoot(RealmPlaces places, Map<String, String> environment, InstantSource clock) {
        this.places = places;
        this.environment = environment;
        this.clock = clock;
    }

    /// Lives; returns after the power is off.
    ///
    /// @return whether the Realm served until the host left; the reason why not is logged
    public boolean run() {
        try (Conduit conduit = Conduit.connect(places.conduit())) {
            try {
                IntermediatePhysicalAddress scratch = scratch();
                turnOnOthers(conduit, scratch);
                serve(new RsiClient(conduit, scratch));
                return true;
            } catch (RuntimeException e) {
                LOG.error("Realm does not serve: {}", e.getMessage(), e);
                return false;
            } finally {
                conduit.systemOff();
            }
        } catch (RuntimeException e) {
            LOG.error("Realm was not powered off: {}", e.getMessage(), e);
            return false;
        }
    }

    /// The Realm's other processors, which idle: they enter at an address of the Realm, as PSCI asks.
    private void turnOnOthers(Conduit conduit, IntermediatePhysicalAddress entry) {
        String text = environment.getOrDefault(CPUS, "1");
        int cpus = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        if (cpus < 1 || cpus > MAX_CPUS) {
            throw new BootException.BadEnvironment(CPUS + ": " + text + " (expected: 1 to " + MAX_CPUS + ")");
        }
        IntStream.range(1, cpus).forEach(index -> conduit.cpuOn(index, entry));
    }

    private void serve(RsiClient rsi) {
        rsi.requireVersion();
        Initdata initdata = boundInitdata(rsi.realmConfig());
        RealmSettings settings = RealmSettings.in(initdata);
        Loopback.ensureUp();
        try (GuestLink link = GuestLink.connect(places.link())) {
            RealmAgent.Served agent = new RealmAgent(rsi, initdata, settings, places, clock).over(link.channel());
            try (Containers containers = agent.containers()) {
                link.serve(agent.service());
                // Not on the thread whose end a call may wait for.
                var unused = containers.powerOff().thenRunAsync(link::leave);
                LOG.info("agent serves; initdata {}", HexFormat.of().formatHex(initdata.digest()));
                HostPresence.over(link.channel()).awaitGone();
                LOG.info("host left; containers: {}", containers.list().size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Initdata boundInitdata(RealmConfig config) {
        Initdata initdata = InitdataDisk.read(initdataDisk());
        RealmPersonalizationValue rpv = config.personalizationValue();
        if (!initdata.isBoundTo(rpv.toByteArray())) {
            throw new BootException.InitdataNotBound(HexFormat.of().formatHex(initdata.digest()), rpv.toString());
        }
        return initdata;
    }

    private byte[] initdataDisk() {
        try (InputStream disk = Files.newInputStream(places.initdata())) {
            return disk.readNBytes(InitdataDisk.MAX_BYTES + 1);
        } catch (IOException e) {
            throw new BootException.BadEnvironment("initdata disk " + places.initdata() + ": not readable, " + e, e);
        }
    }

    private IntermediatePhysicalAddress scratch() {
        String text = environment.getOrDefault(SCRATCH, "");
        try {
            String digits = text.startsWith("0x") ? text.substring(2) : text;
            IntermediatePhysicalAddress ipa = new IntermediatePhysicalAddress(Long.parseUnsignedLong(digits, 16));
            if (ipa.isPageAligned()) {
                return ipa;
            }
        } catch (NumberFormatException e) {
            throw new BootException.BadEnvironment(
                    SCRATCH + ": \"" + text + "\" (expected: the address of a page, in hex)", e);
        }
        throw new BootException.BadEnvironment(SCRATCH + ": " + text + " (expected: the address of a page)");
    }
}
