// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

/// Makes the processors of Realms.
@FunctionalInterface
public interface RealmProcessorFactory {
    /// A processor that has not run yet; it is made when a REC is entered for the first time.
    RealmProcessor create(ProcessorContext context);
}
