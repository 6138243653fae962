package org.parley.mqtt.routing;

/** Members in the order of their Client Identifiers. Never changed: a change makes another. */
final class MemberArray implements Members {
  static final MemberArray NONE = new MemberArray(new Member[0]);

  private final Member[] members;

  private MemberArray(Member[] members) {
    this.members = members;
  }

  int size() {
    return members.length;
  }

  Member get(int index) {
    return members[index];
  }

  /** Returns where the member of this client stands; {@code ~i} if it would stand at i. */
  int find(String clientId) {
    int low = 0;
    int high = members.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = members[middle].clientId().compareTo(clientId);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return ~low;
  }

  MemberArray with(int at, Member member) {
    var more = new Member[members.length + 1];
    System.arraycopy(members, 0, more, 0, at);
    more[at] = member;
    System.arraycopy(members, at, more, at + 1, members.length - at);
    return new MemberArray(more);
  }

  MemberArray replaced(int at, Member member) {
    var same = members.clone();
    same[at] = member;
    return new MemberArray(same);
  }

  MemberArray without(int at) {
    var fewer = new Member[members.length - 1];
    System.arraycopy(members, 0, fewer, 0, at);
    System.arraycopy(members, at + 1, fewer, at, fewer.length - at);
    return new MemberArray(fewer);
  }
}
