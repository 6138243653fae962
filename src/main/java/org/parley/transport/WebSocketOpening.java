package org.parley.transport;

import io.netty.buffer.Unpooled;
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
import io.netty.handler.ssl.SslHandler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;
import org.parley.transport.WebSocketOptions.Answer;
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
  private static final Logger LOG = System.getLogger(WebSocketOpening.class.getName());
  private static final Pattern AUTHORITY = Pattern.compile("(?i)\\Ahttps?://[^/?]*");
  private static final HttpAnswer MALFORMED = new HttpAnswer(400, Map.of(), "Malformed request.");

  private final WebSocketOptions options;
  private final WireLimits limits;
  private final ByteWire.Peer peer;
  private final ByteWire.Acceptor acceptor;
  private final OpeningCounts counts;

  /** The one request, until it is whole. */
  private @Nullable ReadRequest handshake;

  private boolean refused;

  /** Ends the connection. */
  private @Nullable Future<?> late;

  private WebSocketOpening(
      WebSocketOptions options,
      WireLimits limits,
      ByteWire.Peer peer,
      ByteWire.Acceptor acceptor,
      OpeningCounts counts) {
    this.options = options;
    this.limits = limits;
    this.peer = peer;
    this.acceptor = acceptor;
    this.counts = counts;
  }

  /** Puts what reads the handshake in the place of a handler that is the last. */
  static void replace(
      ChannelHandlerContext place,
      WebSocketOptions options,
      WireLimits limits,
      ByteWire.Peer peer,
      ByteWire.Acceptor acceptor,
      OpeningCounts counts) {
    var codec = new HttpServerCodec(MOST_LINE_BYTES, MOST_HEADER_BYTES, SMALLEST_BUFFER_BYTES);
    place
        .pipeline()
        .addLast(codec, new WebSocketOpening(options, limits, peer, acceptor, counts))
        .remove(place.handler());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    closeAfter(
        context,
        options.openingLimit(),
        () -> {
          refused = true;
          counts.openingFailed();
        });
  }

  private void closeAfter(ChannelHandlerContext context, Duration limit, Runnable first) {
    cancelClose();
    late =
        context
            .executor()
            .schedule(
                () -> {
                  first.run();
                  var _ = context.close();
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void cancelClose() {
    if (late != null) {
      late.cancel(false);
    }
  }

  /** It is open, or gone. */
  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    cancelClose();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (refused) {
      return; // a further request, or more of the same
    }
    var first = handshake;
    if (!part.decoderResult().isSuccess() || (part instanceof HttpRequest head && bears(head))) {
      counts.openingFailed();
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
    Answer decision;
    try {
      decision = options.admission().decide(handshake, peer);
    } catch (RuntimeException | Error fault) {
      LOG.log(Level.ERROR, () -> "WebSocket of " + peer.remoteAddress() + " not decided", fault);
      decision = new Answer.Refused(answer(OpeningHandshake.Refusal.FAULT));
    }
    switch (decision) {
      case Answer.Refused(var answer) -> refuse(context, answer);
      case Answer.Accepted(var subprotocol) -> {
        var refusal = OpeningHandshake.check(handshake);
        if (refusal == null) {
          accept(context, handshake, subprotocol);
        } else {
          counts.openingFailed();
          refuse(context, answer(refusal));
        }
      }
    }
  }

  private static HttpAnswer answer(OpeningHandshake.Refusal refusal) {
    return new HttpAnswer(refusal.status(), refusal.headers(), refusal.text());
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
    pipeline.addLast(new WebSocketFrames(options.rules(), wire, counts), wire);
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
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    boolean names = response.headers().contains(HttpHeaderNames.UPGRADE); // RFC 9110 section 7.8
    response.headers().set(HttpHeaderNames.CONNECTION, names ? "close, Upgrade" : "close");
    closeAfter(context, limits.finish(), () -> {});
    var sent = context.writeAndFlush(response);
    sent.addListener(_ -> answered(context, sent.isSuccess()));
  }

  /** What is still on its way is read, lest the answer be lost to a reset. */
  private static void answered(ChannelHandlerContext context, boolean sent) {
    var channel = (SocketChannel) context.channel();
    var tls = context.pipeline().get(SslHandler.class);
    if (!sent) {
      var _ = context.close();
    } else if (tls == null) {
      var _ = channel.shutdownOutput();
    } else {
      tls.closeOutbound()
          .addListener(
              _ -> {
                var _ = channel.shutdownOutput();
              });
    }
  }

  /** The peer is told nothing. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    if (!ChannelWire.isOfPeer(fault)) {
      LOG.log(Level.ERROR, () -> "WebSocket of " + peer.remoteAddress() + " not opened", fault);
    }
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
      var target = AUTHORITY.matcher(request.uri()).replaceFirst("");
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }
  }
}
