// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The accounts that an image names in its `/etc/passwd` and `/etc/group`. The files are the image's: they may be
/// absent,
/// large, or links out of the root file system, and then count as empty.
final class AccountFiles {
    private static final long MAX_FILE_BYTES = 1024 * 1024;

    private final List<Account> accounts;
    private final List<Group> groups;

    private AccountFiles(List<Account> accounts, List<Group> groups) {
        this.accounts = accounts;
        this.groups = groups;
    }

    /// The accounts of the image that is unpacked at a root.
    static AccountFiles read(Path root) {
        List<Account> accounts = new ArrayList<>();
        for (String[] fields : records(root, "passwd", 6)) {
            Optional<Integer> uid = id(fields[2]);
            Optional<Integer> gid = id(fields[3]);
            if (uid.isPresent() && gid.isPresent()) {
                accounts.add(new Account(fields[0], uid.get(), gid.get(), fields[5]));
            }
        }
        List<Group> groups = new ArrayList<>();
        for (String[] fields : records(root, "group", 3)) {
            List<String> members = fields.length > 3 ? List.of(fields[3].split(",", -1)) : List.of();
            id(fields[2]).ifPresent(gid -> groups.add(new Group(fields[0], gid, members)));
        }
        return new AccountFiles(List.copyOf(accounts), List.copyOf(groups));
    }

    /// The account of a name.
    Optional<Account> named(String name) {
        return first(account -> account.name().equals(name));
    }

    /// The account of a user id.
    Optional<Account> withId(int uid) {
        return first(account -> account.uid() == uid);
    }

    /// The id of the group of a name.
    Optional<Integer> groupNamed(String name) {
        return groups.stream()
                .filter(group -> group.name().equals(name))
                .map(Group::gid)
                .findFirst();
    }

    /// The ids of the groups that list an account as a member, without its primary one.
    List<Integer> groupsOf(Account account) {
        return groups.stream()
                .filter(group -> group.gid() != account.gid() && group.members().contains(account.name()))
                .map(Group::gid)
                .distinct()
                .toList();
    }

    /// A user or group id as text: a number from 0 to 2³¹-1.
    static Optional<Integer> id(String text) {
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        long id = Long.parseLong(text);
        return id > Integer.MAX_VALUE ? Optional.empty() : Optional.of((int) id);
    }

    private Optional<Account> first(Predicate<Account> condition) {
        return accounts.stream().filter(condition).findFirst();
    }

    private static List<String[]> records(Path root, String name, int leastFields) {
        try {
            Path realRoot = root.toRealPath();
            Path file = realRoot.resolve("etc").resolve(name).toRealPath();
            if (!file.startsWith(realRoot)
                    || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) > MAX_FILE_BYTES) {
                return List.of();
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(":", -1))
                    .filter(fields -> fields.length >= leastFields)
                    .toList();
        } catch (IOException absent) {
            return List.of();
        }
    }

    /// A line of `/etc/passwd`.
    record Account(String name, int uid, int gid, String home) {}

    private record Group(String name, int gid, List<String> members) {}
}
