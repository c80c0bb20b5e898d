// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.image.ResolvedImage;
import java.nio.file.Path;

/// Runs an unpacked image as a container: its sealed secrets are opened, then it is measured, then it starts.
public final class LaunchContainer {
    private final UnsealEnvironment unseal;
    private final MeasureContainer measure;
    private final StartContainer start;
    private final IdMap ids;

    /// Launches in this Realm.
    ///
    /// @param ids the ids that exist in this Realm's user namespace
    public LaunchContainer(UnsealEnvironment unseal, MeasureContainer measure, StartContainer start, IdMap ids) {
        this.unseal = unseal;
        this.measure = measure;
        this.start = start;
        this.ids = ids;
    }

    /// Runs to the end.
    ///
    /// @param folder holds the unpacked image, see [Bundle#root]
    /// @return the exit code
    ContainerEnd launch(ResolvedImage image, Path folder, RunRequest request, RunEvents events) {
        var defaults = image.config().runDefaults();
        ContainerUser user = ContainerUser.resolve(defaults.user(), Bundle.root(folder), ids);
        ProcessSpec sealed = ProcessSpec.of(defaults, request, user);
        ProcessSpec process = sealed.with(unseal.unsealed(sealed.environment()));
        Bundle bundle = Bundle.create(
                folder,
                new BundleConfig(start.network())
                        .write(process, folder.getFileName().toString()));
        measure.measure(image);
        int exitCode;
        try (StartContainer.Started started = start.start(bundle)) {
            exitCode = started.container().await(events);
        }
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
