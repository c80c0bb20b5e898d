// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.keybroker.admin.AdminException;
import dev.realmesh.keybroker.admin.Administrator;
import dev.realmesh.keybroker.admin.Administrators;
import dev.realmesh.mesh.http.HttpAnswer;
import dev.realmesh.mesh.http.HttpRequest;
import java.util.function.Function;

/// Lets administrators through whose role may what they ask for.
///
/// @param refusal the kind of refusal of the others
record AdministratorCalls(Administrators administrators, KbsError refusal) {
    /// What `work` answers to who may ask.
    HttpAnswer answer(HttpRequest request, Function<Administrator, HttpAnswer> work) {
        try {
            Administrator administrator = administrators.authenticate(request.header("Authorization"));
            administrators.requireAllowed(administrator, request.path());
            return work.apply(administrator);
        } catch (AdminException e) {
            return refusal.answer(401, "Admin access denied: " + e.getMessage());
        }
    }
}
