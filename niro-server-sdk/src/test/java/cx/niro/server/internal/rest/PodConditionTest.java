package cx.niro.server.internal.rest;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.Pod;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodConditionTest {
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Running|1/1|2|'phase':'Running','containers':[{'name':'a','ready':true,'restartCount':2,'running':{}}]",
        "CrashLoopBackOff|0/1|7|'phase':'Running','containers':[{'name':'a','restartCount':7,'waiting':{'reason':'CrashLoopBackOff'}}]",
        "ImagePullBackOff|1/2|0|'phase':'Pending','containers':[{'name':'a','waiting':{'reason':'ImagePullBackOff'}},{'name':'b','ready':true,'running':{}}]",
        "Completed|0/1|0|'phase':'Succeeded','containers':[{'name':'a','terminated':{'reason':'Completed','exitCode':0}}]",
        "Running|1/2|0|'phase':'Running','conditions':[{'type':'Ready','status':'True'}],'containers':[{'name':'a','terminated':{'reason':'Completed','exitCode':0}},{'name':'b','ready':true,'running':{}}]",
        "NotReady|1/2|0|'phase':'Running','containers':[{'name':'a','terminated':{'reason':'Completed','exitCode':0}},{'name':'b','ready':true,'running':{}}]",
        "OOMKilled|0/1|1|'phase':'Running','containers':[{'name':'a','restartCount':1,'terminated':{'reason':'OOMKilled','exitCode':137}}]",
        "ExitCode:3|0/1|0|'phase':'Failed','containers':[{'name':'a','terminated':{'exitCode':3}}]",
        "Signal:9|0/1|0|'phase':'Failed','containers':[{'name':'a','terminated':{'exitCode':137,'signal':9}}]",
        "Evicted|0/0|0|'phase':'Failed','reason':'Evicted'",
        "Pending|0/0|0|'phase':'Pending'",
        "Unknown|0/0|0|'phase':'Sideways'",
        "Init:1/2|0/1|0|'phase':'Pending','initContainers':[{'name':'i','terminated':{'exitCode':0}},{'name':'j','running':{}}],'containers':[{'name':'a','waiting':{'reason':'PodInitializing'}}]",
        "Init:Error|0/1|4|'phase':'Pending','initContainers':[{'name':'i','restartCount':4,'terminated':{'reason':'Error','exitCode':1}}],'containers':[{'name':'a','waiting':{'reason':'PodInitializing'}}]",
        "Init:CrashLoopBackOff|0/1|4|'phase':'Pending','initContainers':[{'name':'i','restartCount':4,'waiting':{'reason':'CrashLoopBackOff'}}],'containers':[{'name':'a','waiting':{'reason':'PodInitializing'}}]",
      })
  void a_pods_word_is_that_of_kubectl(String word, String ready, int restarts, String status) {
    PodCondition condition = PodCondition.of(pod("", status), null);

    assertThat(condition.word()).isEqualTo(word);
    assertThat(condition.readyContainers() + "/" + condition.containers()).isEqualTo(ready);
    assertThat(condition.restarts()).isEqualTo(restarts);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Terminating|'phase':'Running'",
        "Unknown|'phase':'Running','reason':'NodeLost'",
        "Succeeded|'phase':'Succeeded'",
      })
  void a_pod_that_is_being_deleted_says_so_unless_it_is_over(String word, String status) {
    assertThat(PodCondition.of(pod(",'deletedAt':1767600000000", status), null).word())
        .isEqualTo(word);
  }

  private static Pod pod(String meta, String status) {
    String json =
        "{'meta':{'uid':'u','namespace':'n','name':'p'" + meta + "},'status':{" + status + "}}";
    return NiroCodec.create()
        .decode(Pod.class, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
