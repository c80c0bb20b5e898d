// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.container.AccountFiles.Account;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Who a container runs as: the image's `User`, looked up in the image's own account files.
///
/// A Realm's sandbox may have the single id 0. A user that is not 0 then runs as 0 with no capability, which
/// leaves it no more rights over the kernel than the image asked for; files all belong to 0 there.
///
/// @param uid user id in the Realm's namespace
/// @param gid group id in the Realm's namespace
/// @param additionalGids further groups
/// @param home home directory
/// @param privileged whether it gets the default capabilities: the image asked for user 0
/// @param substituted whether the ids that the image asked for do not exist here
record ContainerUser(
        int uid, int gid, List<Integer> additionalGids, String home, boolean privileged, boolean substituted) {

    /// Resolves the `User` of an image: empty, `user`, `uid`, `user:group`, `uid:gid`, or mixed.
    ///
    /// @throws ContainerException.NotRunnable if it names a user or group that the image does not have
    static ContainerUser resolve(String user, Path root, IdMap ids) {
        AccountFiles files = AccountFiles.read(root);
        int colon = user.indexOf(':');
        String name = colon < 0 ? user : user.substring(0, colon);
        Account account = account(name.isEmpty() ? "0" : name, files);
        boolean explicitGroup = colon >= 0 && colon + 1 < user.length();
        int gid = explicitGroup ? group(user.substring(colon + 1), files) : account.gid();
        List<Integer> additional = explicitGroup || account.name().isEmpty() ? List.of() : files.groupsOf(account);
        boolean exists = ids.hasUser(account.uid())
                && ids.hasGroup(gid)
                && additional.stream().allMatch(ids::hasGroup);
        String home = account.home().startsWith("/") ? account.home() : "/";
        boolean privileged = account.uid() == 0;
        return exists
                ? new ContainerUser(account.uid(), gid, additional, home, privileged, false)
                : new ContainerUser(0, 0, List.of(), home, privileged, true);
    }

    private static Account account(String name, AccountFiles files) {
        Optional<Account> named = files.named(name);
        if (named.isPresent()) {
            return named.get();
        }
        int uid = AccountFiles.id(name)
                .orElseThrow(() -> new ContainerException.NotRunnable(
                        "image user: " + name + " (expected: a number, or a name in the image's /etc/passwd)"));
        return files.withId(uid).orElseGet(() -> new Account("", uid, 0, uid == 0 ? "/root" : "/"));
    }

    private static int group(String name, AccountFiles files) {
        return files.groupNamed(name)
                .or(() -> AccountFiles.id(name))
                .orElseThrow(() -> new ContainerException.NotRunnable(
                        "image group: " + name + " (expected: a number, or a name in the image's /etc/group)"));
    }
}
