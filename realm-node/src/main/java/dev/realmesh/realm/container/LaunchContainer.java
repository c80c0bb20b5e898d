// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.container.UnsealFiles.Mounted;
import dev.realmesh.realm.image.ResolvedImage;
import dev.realmesh.realm.secret.SecretClient;
import java.nio.file.Path;
import java.util.List;

/// Runs an unpacked image as a container: its sealed secrets are opened, then it is measured, then it starts.
public final class LaunchContainer {
    private final UnsealEnvironment environment;
    private final UnsealFiles files;
    private final MeasureContainer measure;
    private final StartContainer start;
    private final IdMap ids;

    /// Launches in this Realm.
    ///
    /// @param secrets what sealed secrets are opened with
    /// @param ids the ids that exist in this Realm's user namespace
    public LaunchContainer(SecretClient secrets, MeasureContainer measure, StartContainer start, IdMap ids) {
        this.environment = new UnsealEnvironment(secrets);
        this.files = new UnsealFiles(secrets);
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
        ProcessSpec process = sealed.with(environment.unsealed(sealed.environment()));
        List<Mounted> secrets = files.unsealed(request.secretFiles(), folder, user);
        Bundle bundle = Bundle.create(
                folder,
                new BundleConfig(start.network())
                        .write(process, folder.getFileName().toString(), secrets));
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
