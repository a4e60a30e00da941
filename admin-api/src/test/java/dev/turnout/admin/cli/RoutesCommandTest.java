package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoutesCommandTest {
    private final ScriptedApi api = new ScriptedApi();
    private final Cli turnout = api.cli();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void saysWhatTheSidesAreToEachOtherAndWhatIsNotInForce() {
        api.on("GET", "/routes", ScriptedApi
                .json("""
                        [{'name':'db','protocol':'postgresql','data':'replicated','listen':'127.0.0.1:80','version':7,
                          'split':{'green':0.0,'file':0.0,'runtime':12.5,'fileThen':5.0,'hidden':'data = replicated','reason':'try'}}]"""));
        assertThat(turnout.run("routes")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).containsExactly(
                "ROUTE  PROTOCOL                LISTEN        GREEN  FILE  RUNTIME  COHORT  VERSION  REASON",
                "db     postgresql, replicated  127.0.0.1:80     0%    0%    12.5%       -        7  try",
                "",
                "db: green 12.5% was set at run time: try, but is not in force: data = replicated; turnout split db"
                        + " --reset drops it");
    }

    @Test
    void saysWhichSideIsDrainedAndWhereTheFileChangedUnderAnOperator() {
        api.on("GET", "/routes", ScriptedApi
                .json("""
                        [{'name':'shop','protocol':'http','listen':'127.0.0.1:80','version':7,
                          'split':{'green':12.5,'file':10.0,'runtime':12.5,'fileThen':5.0,'drained':'blue','reason':'canary'},
                          'targets':{'blue':{'inFlight':2,'tunnels':0,'endpoints':[
                            {'address':'10.0.0.1:80','state':'active','healthy':false,'origin':'file'}]}}},
                         {'name':'web','protocol':'http','listen':'127.0.0.1:81','version':1,
                          'split':{'green':5.0,'file':5.0,'runtime':null,'fileThen':null,'drained':null,'reason':null}}]"""));
        assertThat(turnout.run("routes")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).containsExactly(
                "ROUTE  PROTOCOL  LISTEN        GREEN  FILE  RUNTIME  COHORT  VERSION  REASON",
                "shop   http      127.0.0.1:80  12.5%   10%    12.5%       -        7  canary",
                "web    http      127.0.0.1:81     5%    5%        -       -        1  -",
                "",
                "shop: blue is drained, 2 requests and 0 tunnels left: canary; turnout split shop green=PERCENT, or"
                        + " --reset, sends it requests again",
                "shop: green 12.5% was set at run time over the file's 5%: canary; the file says 10% now, turnout"
                        + " split shop --reset takes that");
    }
}
