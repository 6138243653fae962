package org.parley.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An HTTP/1.1 response.
 *
 * @param headers by name, in any case
 * @param body as far as Content-Length says, or all chunks; empty for a 1xx
 */
public record HttpAnswer(int status, Map<String, List<String>> headers, String body) {
  private static final int MAX_LINE_BYTES = 65_536;

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(List::getFirst);
  }

  /** Reads a response and not one byte more, so that frames can follow it. */
  static HttpAnswer read(InputStream in) throws IOException {
    var statusLine = line(in).split(" ", 3);
    if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/1.")) {
      throw new IOException("no HTTP/1 status line: " + String.join(" ", statusLine));
    }
    int status = Integer.parseInt(statusLine[1]);
    var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      var parts = line.split(":", 2);
      if (parts.length < 2) {
        throw new IOException("no header: " + line);
      }
      headers.computeIfAbsent(parts[0].strip(), _ -> new ArrayList<>()).add(parts[1].strip());
    }
    return new HttpAnswer(status, headers, status < 200 ? "" : body(in, headers));
  }

  private static String body(InputStream in, Map<String, List<String>> headers) throws IOException {
    var body = new ByteArrayOutputStream();
    if (headers.containsKey("Transfer-Encoding")) {
      for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
        body.writeBytes(in.readNBytes(size));
        line(in);
      }
    } else {
      var length = headers.getOrDefault("Content-Length", List.of("0")).getFirst();
      body.writeBytes(in.readNBytes(Integer.parseInt(length)));
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException("end of stream instead of a line of HTTP");
      }
      if (line.size() == MAX_LINE_BYTES) {
        throw new IOException("line of HTTP over " + MAX_LINE_BYTES + " bytes");
      }
      line.write(octet);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }
}
