// SPDX-License-Identifier: Apache-2.0

/// HashiCorp Vault, or OpenBao: secrets in its KV engine, laid out as Trustee's Vault backend does, or the master key
/// wrapped by its transit engine. Start at [dev.realmesh.keybroker.vault.VaultConnection].
@NullMarked
package dev.realmesh.keybroker.vault;

import org.jspecify.annotations.NullMarked;
