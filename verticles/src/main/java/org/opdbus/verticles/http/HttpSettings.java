// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.http.HttpServerOptions;

/** The limits of the server. */
final class HttpSettings {
    /** Wireshark's plug-in for captures names the links of its choice three times: twice in the address, once in the headers. */
    private static final int HEADER_BYTES_MAX = 8_192;

    private static final int LINE_BYTES_MAX = 4_096;
    /**
     * The kernel's limit for an unread answer; without it the buffer would grow to megabytes per
     * caller.
     */
    private static final int SEND_BUFFER_BYTES = 64 << 10;

    private static final int RECEIVE_BUFFER_BYTES = 16 << 10;
    /** The reader of a capture has nothing to say. */
    private static final int WEB_SOCKET_BYTES_MAX = 64 << 10;

    private HttpSettings() {}

    static HttpServerOptions of(HttpOptions options) {
        HttpServerOptions settings = new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setAcceptBacklog(2 * Callers.CALLERS_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxInitialLineLength(LINE_BYTES_MAX)
                .setMaxFormAttributeSize(0)
                .setMaxWebSocketFrameSize(WEB_SOCKET_BYTES_MAX)
                .setMaxWebSocketMessageSize(WEB_SOCKET_BYTES_MAX)
                // A short compressed message can become a long one.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                // HTTP/2 is off, because over HTTP/2 one connection can act as any number of
                // callers.
                .setUseAlpn(false)
                .setHttp2ClearTextEnabled(false);
        settings.setSendBufferSize(SEND_BUFFER_BYTES).setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        return settings;
    }
}
