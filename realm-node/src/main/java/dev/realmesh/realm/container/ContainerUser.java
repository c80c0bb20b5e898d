// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.List;

/// Who a container runs as: see [ContainerUsers].
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
        int uid, int gid, List<Integer> additionalGids, String home, boolean privileged, boolean substituted) {}
