// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

/// Physical address space that an access goes through (FEAT_RME).
public enum Pas {
    NON_SECURE,
    SECURE,
    REALM,
    ROOT
}
