package org.parley.pcp.message;

/** The {@code message_type} values that PCP itself defines (message catalogues of v1 and v2). */
public final class MessageTypes {
  /** What every message type of PCP and PXP begins with. */
  public static final String NAMESPACE = "http://puppetlabs.com/";

  /** Client to broker; version 1, answered on version 2 too. No data. */
  public static final String ASSOCIATE_REQUEST = NAMESPACE + "associate_request";

  /** Broker to client: {@code {"id":U,"success":B,"reason":S?}}. */
  public static final String ASSOCIATE_RESPONSE = NAMESPACE + "associate_response";

  /** Client to broker: {@code {"query":[URI...],"subscribe":B?}}. */
  public static final String INVENTORY_REQUEST = NAMESPACE + "inventory_request";

  /** Broker to client: {@code {"uris":[URI...]}}. */
  public static final String INVENTORY_RESPONSE = NAMESPACE + "inventory_response";

  /** Broker to client: {@code {"changes":[{"client":URI,"change":1|-1}...]}}. */
  public static final String INVENTORY_UPDATE = NAMESPACE + "inventory_update";

  /** Broker to client: version 2 a plain string, version 1 {@code {"id":U?,"description":S}}. */
  public static final String ERROR_MESSAGE = NAMESPACE + "error_message";

  /** Broker to client, version 2: only {@code in_reply_to}, no data. */
  public static final String UNAUTHORIZED = NAMESPACE + "unauthorized";

  /** Broker to client; never needed, versions 1 and 2 are compatible. */
  public static final String VERSION_ERROR = NAMESPACE + "version_error";

  /** Broker to client, version 1: {@code {"id":U,"targets":[URI...]}}. */
  public static final String DESTINATION_REPORT = NAMESPACE + "destination_report";

  /** Broker to client, version 1: {@code {"id":U}}. */
  public static final String TTL_EXPIRED = NAMESPACE + "ttl_expired";

  private MessageTypes() {}
}
