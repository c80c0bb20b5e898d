// SPDX-License-Identifier: Apache-2.0

/// What the agent serves to the workload over HTTP, as `api-server-rest` of Confidential Containers does, so that
/// images
/// made for it run unchanged: [dev.realmesh.realm.rest.WorkloadApi] says which paths there are,
/// [dev.realmesh.realm.rest.ApiServer] listens.
@NullMarked
package dev.realmesh.realm.rest;

import org.jspecify.annotations.NullMarked;
