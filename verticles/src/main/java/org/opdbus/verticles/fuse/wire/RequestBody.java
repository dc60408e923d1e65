// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads what follows a request's header; each call takes the next part. Never reads past the end of the request. */
final class RequestBody {
    /** The longest name of an entry, NAME_MAX. */
    static final int NAME_BYTES_MAX = 255;
    /** The longest target of a symbolic link, PATH_MAX. */
    static final int PATH_BYTES_MAX = 4096;

    private final ByteBuffer bytes;

    RequestBody(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    int number() throws MalformedRequestException {
        need(Integer.BYTES);
        return bytes.getInt();
    }

    long longNumber() throws MalformedRequestException {
        need(Long.BYTES);
        return bytes.getLong();
    }

    void skip(int count) throws MalformedRequestException {
        need(count);
        bytes.position(bytes.position() + count);
    }

    /**
     * Takes the name of an entry.
     *
     * @throws FileError ENAMETOOLONG if it is too long, ENOENT if it is not UTF-8, because no entry has such a name
     */
    String name() throws MalformedRequestException, FileError {
        return text(NAME_BYTES_MAX);
    }

    /** Takes a text that ends with a zero byte, as {@link #name()} does, up to this length. */
    String text(int bytesMax) throws MalformedRequestException, FileError {
        int start = bytes.position();
        int end = start;
        while (end < bytes.limit() && bytes.get(end) != 0) {
            end++;
        }
        if (end == bytes.limit()) {
            throw new MalformedRequestException("a name has no end");
        }
        if (end == start) {
            throw new MalformedRequestException("a name is empty");
        }
        if (end - start > bytesMax) {
            throw new FileError(FileError.ENAMETOOLONG);
        }
        ByteBuffer name = bytes.duplicate().position(start).limit(end);
        bytes.position(end + 1);
        try {
            CharBuffer text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(name);
            return text.toString();
        } catch (CharacterCodingException notText) {
            throw new FileError(FileError.ENOENT);
        }
    }

    /** Takes this many bytes as they are; the caller must use them before the next request is read. */
    ByteBuffer data(int count) throws MalformedRequestException {
        if (count < 0) {
            throw new MalformedRequestException("a request has a negative number of bytes");
        }
        need(count);
        ByteBuffer data = bytes.slice().limit(count);
        bytes.position(bytes.position() + count);
        return data;
    }

    private void need(int count) throws MalformedRequestException {
        if (bytes.remaining() < count) {
            throw new MalformedRequestException("a request ends too early");
        }
    }
}
