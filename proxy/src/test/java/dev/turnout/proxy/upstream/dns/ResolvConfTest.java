package dev.turnout.proxy.upstream.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ResolvConfTest {
    private static final ResolvConf CLUSTER = ResolvConf.parse("""
            # made by the cluster
            nameserver 10.96.0.10
            nameserver fe80::1
            nameserver not-an-address
            ; another comment
            search shop.svc.cluster.local svc.cluster.local. cluster.local
            options ndots:5 timeout:2
            """);

    @Test
    void namesServersInTheirOrder() {
        assertThat(CLUSTER.servers()).containsExactly(
                new InetSocketAddress(InetAddress.ofLiteral("10.96.0.10"), 53),
                new InetSocketAddress(InetAddress.ofLiteral("fe80::1"), 53));
    }

    @Test
    void aShortNameIsLookedForInTheSearchDomainsFirst() {
        assertThat(CLUSTER.candidates("db")).containsExactly("db.shop.svc.cluster.local",
                "db.svc.cluster.local", "db.cluster.local", "db");
    }

    @Test
    void aLongNameIsTakenAsItIsFirst() {
        assertThat(ResolvConf.parse("search example.net").candidates("shop.example"))
                .containsExactly("shop.example", "shop.example.example.net");
    }

    @Test
    void aNameWithTheRootsDotIsLookedForNowhereElse() {
        assertThat(CLUSTER.candidates("db.")).containsExactly("db");
    }

    @Test
    void withoutSearchDomainsANameIsTakenAsItIs() {
        assertThat(ResolvConf.parse("").candidates("db")).containsExactly("db");
    }

    @Test
    void theLastOfSearchAndDomainCounts() {
        assertThat(ResolvConf.parse("search a b\ndomain c\n").search()).containsExactly("c");
    }

    @Test
    void ndotsIsAtMost15() {
        assertThat(ResolvConf.parse("options ndots:99").ndots()).isEqualTo(15);
    }
}
