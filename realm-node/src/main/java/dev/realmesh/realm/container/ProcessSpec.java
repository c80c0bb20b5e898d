// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.oci.ImageConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The first process of a container: what the image says, with what the request changes.
///
/// @param arguments program and arguments; never empty
/// @param environment each `KEY=VALUE`, each key once
/// @param workingDirectory absolute
/// @param user who it runs as
/// @param confinement what it may do, and how much it may use
record ProcessSpec(
        List<String> arguments,
        List<String> environment,
        String workingDirectory,
        ContainerUser user,
        Confinement confinement) {
    private static final String DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// Joins an image's configuration with a request: arguments are Entrypoint, then the request's command or else Cmd;
    /// variables of the request replace the image's.
    ///
    /// @throws ContainerException.NotRunnable if neither names a program
    static ProcessSpec of(
            ImageConfig.RunDefaults image, RunRequest request, ContainerUser user, Confinement confinement) {
        List<String> arguments = new ArrayList<>(image.entrypoint());
        arguments.addAll(request.command().isEmpty() ? image.command() : request.command());
        if (arguments.isEmpty()) {
            throw new ContainerException.NotRunnable(
                    "image has no Entrypoint and no Cmd (expected: one of them, or a command in the request)");
        }
        String directory = image.workingDirectory();
        return new ProcessSpec(
                List.copyOf(arguments),
                environment(image, request, user),
                directory.startsWith("/") ? directory : "/" + directory,
                user,
                confinement);
    }

    /// The same process with other variables.
    ProcessSpec with(List<String> otherEnvironment) {
        return new ProcessSpec(arguments, List.copyOf(otherEnvironment), workingDirectory, user, confinement);
    }

    /// The same process by another command.
    ProcessSpec withArguments(List<String> others) {
        return new ProcessSpec(List.copyOf(others), environment, workingDirectory, user, confinement);
    }

    /// A further process beside this one: the same environment and confinement, with what its request adds.
    ///
    /// @param as who it runs as
    ProcessSpec further(ExecRequest request, ContainerUser as) {
        Map<String, String> variables = new LinkedHashMap<>();
        environment.forEach(variable -> put(variables, variable));
        request.environment().forEach(variable -> put(variables, variable));
        String directory = request.workingDirectory().isEmpty() ? workingDirectory : request.workingDirectory();
        return new ProcessSpec(request.command(), List.copyOf(variables.values()), directory, as, confinement);
    }

    private static List<String> environment(ImageConfig.RunDefaults image, RunRequest request, ContainerUser user) {
        Map<String, String> variables = new LinkedHashMap<>();
        put(variables, DEFAULT_PATH);
        put(variables, "HOME=" + user.home());
        image.environment().forEach(variable -> put(variables, variable));
        request.environment().forEach(variable -> put(variables, variable));
        return List.copyOf(variables.values());
    }

    private static void put(Map<String, String> variables, String variable) {
        int equals = variable.indexOf('=');
        variables.put(equals < 0 ? variable : variable.substring(0, equals), variable);
    }
}
