// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.oci.ImageConfig;
import dev.realmesh.realm.container.UnsealFiles.Mounted;
import dev.realmesh.realm.image.ResolvedImage;
import dev.realmesh.realm.secret.SecretClient;
import java.nio.file.Path;
import java.util.List;

/// Gets an unpacked image ready to be started: its user is looked up, its sealed secrets are opened, its bundle is
/// written.
public final class PrepareContainer {
    private final UnsealEnvironment environment;
    private final UnsealFiles files;
    private final StartContainer start;
    private final Init init;
    private final IdMap ids;

    /// Prepares for this Realm.
    ///
    /// @param secrets what sealed secrets are opened with
    /// @param start starts it later
    /// @param init what starts programs that want one
    /// @param ids the ids that exist in this Realm's user namespace
    public PrepareContainer(SecretClient secrets, StartContainer start, Init init, IdMap ids) {
        this.environment = new UnsealEnvironment(secrets);
        this.files = new UnsealFiles(secrets);
        this.start = start;
        this.init = init;
        this.ids = ids;
    }

    /// @param folder holds the unpacked image, see [Bundle#root]
    PreparedContainer prepare(ResolvedImage image, Path folder, RunRequest request, ContainerOptions options) {
        ImageConfig.RunDefaults defaults = options.changes().of(image.config().runDefaults());
        ContainerUsers users = ContainerUsers.of(Bundle.root(folder), ids);
        ContainerUser user = users.resolve(defaults.user());
        ProcessSpec sealed =
                ProcessSpec.of(defaults, request, user, options.changes().confinement());
        ProcessSpec process = sealed.with(environment.unsealed(sealed.environment()));
        List<Mounted> secrets = files.unsealed(request.secretFiles(), folder, user);
        String hostname = options.name().isEmpty() ? folder.getFileName().toString() : options.name();
        BundleConfig config = new BundleConfig(start.network(), init);
        Bundle bundle = Bundle.create(folder, config.write(process, hostname, secrets, options));
        return new PreparedContainer(
                image, bundle, users, process, options, stopSignal(defaults), remark(defaults, user));
    }

    private static int stopSignal(ImageConfig.RunDefaults defaults) {
        try {
            return defaults.stopSignal().isEmpty() ? SignalName.TERM : SignalName.number(defaults.stopSignal());
        } catch (ContainerException.BadRequest e) {
            throw new ContainerException.NotRunnable("image StopSignal: " + e.getMessage());
        }
    }

    private static String remark(ImageConfig.RunDefaults defaults, ContainerUser user) {
        return user.substituted()
                ? "user \"" + defaults.user() + "\" does not exist in this Realm: ran as its only id, "
                        + (user.privileged() ? "with default capabilities" : "without capabilities")
                : "";
    }
}
