// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Bytes in hexadecimal.
final class HexBytes implements ITypeConverter<ByteString> {
    @Override
    public ByteString convert(String value) {
        try {
            return ByteString.copyFrom(HexFormat.of().parseHex(value));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + value + "' (expected: hexadecimal digits, two a byte)");
        }
    }
}
