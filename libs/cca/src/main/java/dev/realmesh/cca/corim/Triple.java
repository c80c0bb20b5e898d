// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

/// One statement of a CoMID: what is known of an environment.
public sealed interface Triple permits PlatformReference, TrustAnchor, RealmReference {}
