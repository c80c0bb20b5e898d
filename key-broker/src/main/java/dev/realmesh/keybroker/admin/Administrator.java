// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.admin;

/// Who administers, as the token says.
///
/// @param name `sub` of the token, or `admin-token`
/// @param role `role` of the token, or `admin`
public record Administrator(String name, String role) {
    /// Who has the admin token, and may do all.
    public static final Administrator BY_TOKEN = new Administrator("admin-token", "admin");

    /// What the audit log calls them.
    public String actor() {
        return "admin:" + name;
    }
}
