// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.container.AccountFiles.Account;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Who the processes of a container may be: the accounts of its image, as they were when it was unpacked, and the ids
/// that
/// the Realm has.
///
/// @param files the accounts that the image names
/// @param ids the ids that exist in the Realm's namespace
record ContainerUsers(AccountFiles files, IdMap ids) {
    /// Those of an image that is unpacked at a root.
    static ContainerUsers of(Path root, IdMap ids) {
        return new ContainerUsers(AccountFiles.read(root), ids);
    }

    /// Resolves a `User` as an image has it: empty, `user`, `uid`, `user:group`, `uid:gid`, or mixed.
    ///
    /// @throws ContainerException.NotRunnable if it names a user or group that the image does not have
    ContainerUser resolve(String user) {
        int colon = user.indexOf(':');
        String name = colon < 0 ? user : user.substring(0, colon);
        Account account = account(name.isEmpty() ? "0" : name);
        boolean explicitGroup = colon >= 0 && colon + 1 < user.length();
        int gid = explicitGroup ? group(user.substring(colon + 1)) : account.gid();
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

    private Account account(String name) {
        Optional<Account> named = files.named(name);
        if (named.isPresent()) {
            return named.get();
        }
        int uid = AccountFiles.id(name)
                .orElseThrow(() -> new ContainerException.NotRunnable(
                        "user: " + name + " (expected: a number, or a name in the image's /etc/passwd)"));
        return files.withId(uid).orElseGet(() -> new Account("", uid, 0, uid == 0 ? "/root" : "/"));
    }

    private int group(String name) {
        return files.groupNamed(name)
                .or(() -> AccountFiles.id(name))
                .orElseThrow(() -> new ContainerException.NotRunnable(
                        "group: " + name + " (expected: a number, or a name in the image's /etc/group)"));
    }
}
