package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFailedTest {
  private static final Workload CRON_JOB =
      AWorkload.of("CronJob").named("shop", "backup").workload();

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new JobFailed(Thresholds.standard()))));

  private static AWorkload job(String name) {
    return AWorkload.of("Job").named("shop", name).uncounted();
  }

  private AWorkload failed(String name) {
    return job(name).says("Failed", "True", "BackoffLimitExceeded", clusterMillis(run.now()));
  }

  private AWorkload scheduled(String name, long createdAt, String outcome) {
    AWorkload job = job(name).ownedBy("CronJob", "backup").createdAt(createdAt);
    return outcome.isEmpty()
        ? job
        : job.says(outcome, "True", "BackoffLimitExceeded", clusterMillis(run.now()));
  }

  @Test
  void opens_at_once() {
    run.sees(job("migrate").alone()).passMinutes(1).sees(failed("migrate").alone());
    run.passSeconds(16);
    assertThat(run.openScopes()).containsExactly("ns/shop/Job/migrate");
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Job shop/migrate failed: BackoffLimitExceeded");
    assertThat(run.opened().get(0).evidence())
        .isEqualTo(
            Map.of(
                "reason", List.of("BackoffLimitExceeded"),
                "message", List.of("says BackoffLimitExceeded"),
                "job", List.of("migrate")));
  }

  @ParameterizedTest
  @CsvSource({"DEV,LOW", "STAGING,MEDIUM", "UNSPECIFIED,MEDIUM", "PRODUCTION,MEDIUM"})
  void severity_is_medium_but_in_dev(Environment environment, Severity severity) {
    run.in(environment).sees(failed("migrate").alone()).passSeconds(16);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource({"DEV,LOW", "STAGING,MEDIUM", "PRODUCTION,HIGH"})
  void a_chart_that_k3s_could_not_install_is_worse_in_production(
      Environment environment, Severity severity) {
    AWorkload install =
        failed("helm-install-traefik").label("helmcharts.helm.cattle.io/chart", "traefik");
    run.in(environment).sees(install.alone()).passSeconds(16);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void resolves_when_it_succeeds_after_all() {
    run.sees(failed("migrate").alone()).passMinutes(1);
    run.sees(job("migrate").says("Complete", "True", "CompletionsReached", null).alone());
    run.passSeconds(59);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_deleted_one_resolves_as_such() {
    run.sees(failed("migrate").alone()).passMinutes(1);
    run.sees(failed("migrate").deleted().alone()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void a_failure_of_a_day_ago_is_history() {
    run.sees(job("migrate").alone()).passMinutes(1);
    run.sees(failed("migrate").alone()).passMinutes(24 * 60 - 1);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(3);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void one_that_was_found_old_does_not_open() {
    long then = run.ago(Duration.ofHours(24));
    run.sees(job("migrate").says("Failed", "True", "DeadlineExceeded", then).alone());
    run.passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void one_that_does_not_say_when_stays_open() {
    run.sees(job("migrate").says("Failed", "True", "DeadlineExceeded", null).alone());
    run.passMinutes(48 * 60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void retries_are_no_failure() {
    run.sees(job("migrate").alone()).passMinutes(60);
    run.sees(job("migrate").says("Failed", "False", "", null).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void one_that_is_complete_or_suspended_is_no_failure() {
    run.sees(job("migrate").says("Complete", "True", "", null).alone()).passMinutes(60);
    run.sees(job("migrate").suspended().says("Suspended", "True", "JobSuspended", null).alone());
    run.passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void jobs_of_a_cronjob_are_about_the_cronjob() {
    run.sees(AWorkload.cluster(CRON_JOB, scheduled("backup-1", 1, "Failed").workload()));
    run.passSeconds(16);
    assertThat(run.openScopes()).containsExactly("ns/shop/CronJob/backup");
    assertThat(run.opened().get(0).summary())
        .isEqualTo("CronJob shop/backup failed: BackoffLimitExceeded");
  }

  @Test
  void a_later_success_of_the_cronjob_resolves() {
    Workload first = scheduled("backup-1", 1, "Failed").workload();
    run.sees(AWorkload.cluster(CRON_JOB, first)).passMinutes(5);
    run.sees(AWorkload.cluster(CRON_JOB, first, scheduled("backup-2", 2, "").workload()));
    run.passMinutes(5);
    assertThat(run.story()).containsExactly("opened");
    run.sees(AWorkload.cluster(CRON_JOB, scheduled("backup-2", 2, "Complete").workload(), first));
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void an_earlier_success_does_not() {
    Workload last = scheduled("backup-2", 2, "Failed").workload();
    Workload first = scheduled("backup-1", 1, "Complete").workload();
    run.sees(AWorkload.cluster(first, last)).passMinutes(5);
    run.sees(AWorkload.cluster(last, first)).passMinutes(5);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void the_next_failure_of_the_cronjob_goes_on_as_one_incident() {
    Workload first = scheduled("backup-1", 1, "Failed").workload();
    run.sees(AWorkload.cluster(CRON_JOB, first)).passMinutes(60);
    Workload next = scheduled("backup-2", 2, "Failed").workload();
    run.sees(AWorkload.cluster(CRON_JOB, first, next)).passMinutes(60);
    assertThat(run.story()).containsExactly("opened", "updated");
    assertThat(run.updated().get(0).evidence()).containsEntry("job", List.of("backup-2"));
  }

  @Test
  void a_failed_job_that_was_cleaned_up_is_cleared_while_its_cronjob_is_there() {
    run.sees(AWorkload.cluster(CRON_JOB, scheduled("backup-1", 1, "Failed").workload()));
    run.passMinutes(5).sees(AWorkload.cluster(CRON_JOB)).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void one_that_is_exempt_is_not_judged() {
    run.sees(failed("migrate").annotated("niro.cx/exempt-job_failed").alone()).passMinutes(5);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void other_kinds_are_not_read() {
    AWorkload odd = AWorkload.of("Deployment").says("Failed", "True", "x", null);
    run.sees(odd.alone()).passMinutes(5);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void stays_frozen_while_nobody_can_tell() {
    run.sees(failed("migrate").alone()).passMinutes(1);
    run.sees(AWorkload.partial(AWorkload.cluster())).passMinutes(60);
    run.sees(AWorkload.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }
}
