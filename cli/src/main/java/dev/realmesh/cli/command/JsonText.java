// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import tools.jackson.databind.json.JsonMapper;

/// What `--json` prints: one line for each thing, in the field names of the contracts.
public final class JsonText {
    private JsonText() {}

    /// A message of a contract, by protobuf's JSON mapping.
    public static String of(MessageOrBuilder message) {
        try {
            return JsonFormat.printer().omittingInsignificantWhitespace().print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new CommandException("an answer cannot be shown as JSON: " + e.getMessage(), e);
        }
    }

    /// A record or map of this package's own.
    public static String of(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }
}
