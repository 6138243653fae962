package org.parley.testing;

import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** Builds subject names attribute by attribute, so that nothing in between escapes or repairs. */
public final class Subjects {
  private Subjects() {}

  /** A subject of one attribute: the common name, in UTF-8. */
  public static X500Name commonName(String value) {
    return name(rdn(cn(value)));
  }

  /** A subject of these relative names, most significant first. */
  public static X500Name name(RDN... relativeNames) {
    return new X500Name(relativeNames);
  }

  /** A relative name of one or, multi-valued, several attributes. */
  public static RDN rdn(AttributeTypeAndValue... attributes) {
    return new RDN(attributes);
  }

  public static AttributeTypeAndValue cn(String value) {
    return cn(new DERUTF8String(value));
  }

  /** A common name in the string type of your choice. */
  public static AttributeTypeAndValue cn(ASN1Encodable value) {
    return new AttributeTypeAndValue(BCStyle.CN, value);
  }

  /** A common name in two octets a character. */
  public static AttributeTypeAndValue bmpCn(String value) {
    return cn(new DERBMPString(value));
  }

  public static AttributeTypeAndValue ou(String value) {
    return new AttributeTypeAndValue(BCStyle.OU, new DERUTF8String(value));
  }

  public static AttributeTypeAndValue email(String value) {
    return new AttributeTypeAndValue(BCStyle.EmailAddress, new DERIA5String(value));
  }

  /** A common name of so many letters. */
  public static X500Name ofLength(int length) {
    var letters = new char[length];
    Arrays.fill(letters, 'a');
    return commonName(new String(letters));
  }
}
