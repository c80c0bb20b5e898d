// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.cca.Bytes;
import dev.realmesh.realm.image.ResolvedImage;
import dev.realmesh.realm.rsi.MeasurementRegister;
import dev.realmesh.realm.rsi.RsiClient;
import java.nio.file.Path;

/// Runs an unpacked image as a container. What runs is measured first: REM\[0] is extended with the digest of the
/// image's
/// manifest, so evidence that is made later tells every image that this Realm has run, in order.
public final class LaunchContainer {
    private final RsiClient rsi;
    private final Crun crun;
    private final IdMap ids;

    /// Launches in this Realm.
    ///
    /// @param ids the ids that exist in this Realm's user namespace
    public LaunchContainer(RsiClient rsi, Crun crun, IdMap ids) {
        this.rsi = rsi;
        this.crun = crun;
        this.ids = ids;
    }

    /// Runs to the end.
    ///
    /// @param folder holds the unpacked image, see [Bundle#root]
    /// @return the exit code
    ContainerEnd launch(ResolvedImage image, Path folder, RunRequest request, RunEvents events) {
        var defaults = image.config().runDefaults();
        ContainerUser user = ContainerUser.resolve(defaults.user(), Bundle.root(folder), ids);
        ProcessSpec process = ProcessSpec.of(defaults, request, user);
        Bundle bundle = Bundle.create(
                folder, new BundleConfig().write(process, folder.getFileName().toString()));
        // REM 0 is firmware's: what it started must stay comparable after a container ran.
        rsi.extendMeasurement(
                MeasurementRegister.REM3, Bytes.ofHex(image.digest().hex()));
        int exitCode = crun.start(bundle).await(events);
        String remark = user.substituted()
                ? "user \"" + defaults.user() + "\" of the image does not exist in this Realm: ran as its only id, "
                        + (user.privileged() ? "with default capabilities" : "without capabilities")
                : "";
        return new ContainerEnd(exitCode, remark);
    }

    /// How a container ended.
    ///
    /// @param exitCode 0 to 255; 128 + n if signal n ended it
    /// @param remark what a person should know of how it ran, may be empty
    record ContainerEnd(int exitCode, String remark) {}
}
