// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The text that a configuration key has when neither file nor environment gives one, written as it would
/// stand in the file: `@Default("30s") Duration drain`, `@Default("") List<String> needs`.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /// The text, bound like text from the environment.
    String value();
}
