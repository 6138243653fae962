package org.parley.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;
import org.parley.transport.WebSocketOptions.Answer;
import org.parley.transport.WebSocketOptions.Header;
import org.parley.transport.WebSocketOptions.HttpAnswer;
import org.parley.transport.WebSocketOptions.Request;
import org.parley.websocket.protocol.OpeningHandshake;

/**
 * The opening handshake of a WebSocket (RFC 6455 section 4.2): one request without content, and its
 * answer. Then the wire takes the place, or the connection ends.
 */
final class WebSocketOpening extends SimpleChannelInboundHandler<HttpObject> {
  private static final int MOST_LINE_BYTES = 4096;
  private static final int MOST_HEADER_BYTES = 8192;
  private static final int SMALLEST_BUFFER_BYTES = 512;
  private static final HttpAnswer MALFORMED = new HttpAnswer(400, List.of(), "Malformed request.");

  private final WebSocketOptions options;
  private final WireLimits limits;
  private final ByteWire.Peer peer;
  private final ByteWire.Acceptor acceptor;

  /** The one request, until it is whole. */
  private @Nullable ReadRequest handshake;

  private boolean refused;

  private WebSocketOpening(
      WebSocketOptions options, WireLimits limits, ByteWire.Peer peer, ByteWire.Acceptor acceptor) {
    this.options = options;
    this.limits = limits;
    this.peer = peer;
    this.acceptor = acceptor;
  }

  /** Puts what reads the handshake in the place of a handler that is the last. */
  static void replace(
      ChannelHandlerContext place,
      WebSocketOptions options,
      WireLimits limits,
      ByteWire.Peer peer,
      ByteWire.Acceptor acceptor) {
    var codec = new HttpServerCodec(MOST_LINE_BYTES, MOST_HEADER_BYTES, SMALLEST_BUFFER_BYTES);
    place
        .pipeline()
        .addLast(codec, new WebSocketOpening(options, limits, peer, acceptor))
        .remove(place.handler());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    var late =
        context
            .executor()
            .schedule(
                () -> {
                  if (!context.isRemoved()) {
                    var _ = context.close();
                  }
                },
                options.openingLimit().toMillis(),
                TimeUnit.MILLISECONDS);
    context.channel().closeFuture().addListener(_ -> late.cancel(false));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (refused) {
      return; // a further request, or more of the same
    }
    var first = handshake;
    if (!part.decoderResult().isSuccess() || (part instanceof HttpRequest head && bears(head))) {
      refuse(context, MALFORMED);
    } else if (part instanceof HttpRequest head && first == null) {
      handshake = new ReadRequest(head);
    } else if (part instanceof LastHttpContent && first != null) {
      decide(context, first);
    }
  }

  /** Whether it has content, which no opening handshake has. */
  private static boolean bears(HttpRequest request) {
    return HttpUtil.isTransferEncodingChunked(request)
        || HttpUtil.getContentLength(request, 0L) > 0;
  }

  private void decide(ChannelHandlerContext context, ReadRequest handshake) {
    switch (options.admission().decide(handshake, peer)) {
      case Answer.Refused(var answer) -> refuse(context, answer);
      case Answer.Accepted(var subprotocol) -> {
        var refusal = OpeningHandshake.check(handshake);
        if (refusal == null) {
          accept(context, handshake, subprotocol);
        } else {
          refuse(context, answer(refusal));
        }
      }
    }
  }

  private static HttpAnswer answer(OpeningHandshake.Refusal refusal) {
    var name = refusal.header();
    var value = refusal.value();
    return new HttpAnswer(
        refusal.status(),
        name == null || value == null ? List.of() : List.of(new Header(name, value)),
        refusal.text());
  }

  private void accept(ChannelHandlerContext context, ReadRequest request, String subprotocol) {
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    var key = request.headers(OpeningHandshake.KEY).getFirst();
    response
        .headers()
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, OpeningHandshake.accept(key))
        .set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol);
    var _ = context.writeAndFlush(response, context.voidPromise());
    var pipeline = context.pipeline();
    var wire =
        new ChannelWire((SocketChannel) context.channel(), peer, limits, acceptor, Framing.FRAMES);
    pipeline.addLast(new WebSocketFrames(options.rules(), wire), wire);
    pipeline.remove(this);
    pipeline.remove(HttpServerCodec.class); // what the peer has sent behind its handshake goes on
  }

  private void refuse(ChannelHandlerContext context, HttpAnswer answer) {
    refused = true;
    var content =
        Unpooled.wrappedBuffer((answer.text() + "\n").getBytes(StandardCharsets.US_ASCII));
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), content);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain;charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes())
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    answer.headers().forEach(header -> response.headers().set(header.name(), header.value()));
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  /** The peer's fault, or that of the network: nobody is told. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    var _ = context.close();
  }

  /** The request as Netty has read it. */
  private record ReadRequest(HttpRequest request) implements Request {
    @Override
    public String method() {
      return request.method().name();
    }

    @Override
    public String protocol() {
      return request.protocolVersion().text();
    }

    @Override
    public List<String> headers(String name) {
      return request.headers().getAll(name);
    }

    @Override
    public String rawPath() {
      var target = request.uri();
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }
  }
}
