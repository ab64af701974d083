package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ObjectMarkTest {
  private static final String LIVE =
      """
      {'kind':'Deployment','metadata':{'uid':'u1','generation':1,'resourceVersion':'7','annotations':{'ours':'1','theirs':'1'},
        'managedFields':[
          {'manager':'niro','operation':'Apply','time':'t1','fieldsV1':{
            'f:metadata':{'f:annotations':{'f:ours':{}}},
            'f:spec':{'f:replicas':{},'f:containers':{'k:{"name":"app"}':{'.':{},'f:image':{}}},'f:finalizers':{'v:"a"':{}}}}},
          {'manager':'annotator','operation':'Update','time':'t1','fieldsV1':{'f:metadata':{'f:annotations':{'f:theirs':{}}}}},
          {'manager':'scaler','operation':'Update','subresource':'scale','time':'t1','fieldsV1':{'f:spec':{'f:size':{}}}},
          {'manager':'editor','operation':'Update','time':'t1','fieldsV1':{'f:spec':{'f:paused':{}}}},
          {'manager':'controller','operation':'Update','subresource':'status','time':'t1','fieldsV1':{'f:status':{'f:ready':{}}}}]},
       'spec':{'replicas':2,'size':1,'paused':false,'strategy':'default','finalizers':['a'],'containers':[{'name':'app','image':'web:1'},{'name':'side','image':'side:1'}]},
       'status':{'ready':1}}
      """;

  private static String mark(String json) {
    return ObjectMark.of(new Json(TestCluster.parse(json)));
  }

  private static String after(String was, String is) {
    assertThat(LIVE).contains(was);
    return mark(LIVE.replace(was, is));
  }

  @Test
  void what_is_never_drift_does_not_change_it() {
    String plain = mark(LIVE);
    assertThat(after("'ready':1", "'ready':2")).as("status").isEqualTo(plain);
    assertThat(after("'theirs':'1'", "'theirs':'2'")).as("annotations of others").isEqualTo(plain);
    assertThat(after("'size':1", "'size':9")).as("scaled").isEqualTo(plain);
    assertThat(after("'strategy':'default'", "'strategy':'x'")).as("nobody's").isEqualTo(plain);
    assertThat(after("'image':'side:1'", "'image':'side:2'")).as("injected").isEqualTo(plain);
    assertThat(after("'generation':1,'resourceVersion':'7'", "'generation':2")).isEqualTo(plain);
    assertThat(mark(LIVE.replace("'t1'", "'t2'"))).as("times").isEqualTo(plain);
  }

  @Test
  void what_somebody_owns_changes_it() {
    String plain = mark(LIVE);
    for (String[] change :
        new String[][] {
          {"'uid':'u1'", "'uid':'u2'"},
          {"'replicas':2", "'replicas':3"},
          {"'ours':'1'", "'ours':'2'"},
          {"'web:1'", "'web:2'"},
          {"['a']", "[]"},
          {"'paused':false", "'paused':true"},
          {"'f:replicas':{},", ""},
          {"'generation':1", "'deletionTimestamp':'now','generation':1"},
        }) {
      assertThat(after(change[0], change[1])).as(change[0]).isNotEqualTo(plain);
    }
  }

  @Test
  void the_order_of_the_owners_does_not_change_it() {
    String one = "{'manager':'a','fieldsV1':{'f:x':{}}}";
    String other = "{'manager':'b','fieldsV1':{'f:y':{}}}";
    String object = "{'metadata':{'managedFields':[%s,%s]},'x':1,'y':2}";
    assertThat(mark(object.formatted(one, other))).isEqualTo(mark(object.formatted(other, one)));
  }

  @Test
  void of_a_secret_and_where_nobody_owns_anything_it_tells_who_wrote_when() {
    String secret =
        "{'kind':'Secret','metadata':{'uid':'u','generation':1,'managedFields':[{'manager':'niro','time':'t1','fieldsV1':{'f:data':{'f:k':{}}}}]},'data':{'k':'djE='}}";
    assertThat(mark(secret.replace("djE=", "djI="))).isEqualTo(mark(secret));
    assertThat(mark(secret.replace("t1", "t2"))).isNotEqualTo(mark(secret));
    String bare = "{'metadata':{'uid':'u','generation':1,'labels':{'a':'b'}}}";
    assertThat(mark(bare.replace("1", "2"))).isNotEqualTo(mark(bare));
    assertThat(mark(bare.replace("'b'", "'c'"))).isNotEqualTo(mark(bare));
  }
}
