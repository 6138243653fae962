package org.parley.it;

import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpResponse;

/** What a health endpoint says. */
record Health(int status, JsonObject body) {
  static Health of(String path) throws IOException, InterruptedException {
    return read(ServerUnderTest.get(path));
  }

  /** Whether another server than the one of all tests is ready. */
  static Health ready(int httpPort) throws IOException, InterruptedException {
    return read(ServerUnderTest.get(httpPort, "/health/ready"));
  }

  static Health read(HttpResponse<String> response) {
    try (var reader = Json.createReader(new StringReader(response.body()))) {
      return new Health(response.statusCode(), reader.readObject());
    }
  }

  static Health ready() throws IOException, InterruptedException {
    return of("/health/ready");
  }

  /** Waits until the broker is ready, or is not. */
  static Health awaitReady(boolean ready) {
    int status = ready ? 200 : 503;
    return await("readiness " + status)
        .atMost(ServerUnderTest.SOON)
        .until(Health::ready, health -> health.status() == status);
  }

  /** Returns whether this check is there and up. */
  boolean up(String check) {
    return check(check).getString("status").equals("UP");
  }

  /** Returns the data of a check; empty if it has none. */
  JsonObject data(String check) {
    var data = check(check).getJsonObject("data");
    return data == null ? JsonObject.EMPTY_JSON_OBJECT : data;
  }

  /** Returns a number of the connections check; 0 if it is not there. */
  int count(String key) {
    return data("parley-connections").getInt(key, 0);
  }

  private JsonObject check(String name) {
    return body.getJsonArray("checks").getValuesAs(JsonObject.class).stream()
        .filter(check -> check.getString("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no check " + name + " in " + body));
  }
}
