package dev.turnout.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoServiceTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    void tellsWhoAnsweredAndWhomInBodyAndHeader() throws IOException {
        try (DemoService service = DemoService.start("green");
                LoadConnection connection = LoadConnection.open(service.address(), TIMEOUT)) {
            LoadConnection.Response response = connection.get("theme=dark; uid=user-17; lang=en");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers()).containsEntry("x-answered-by", "green")
                    .containsEntry("content-type", "application/json");
            assertThat(response.body()).isEqualTo("{\"answeredBy\":\"green\",\"user\":\"user-17\"}\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"theme=dark", "xuid=user-1", "uid=", "uid=a\"b", "uid=<script>"})
    void showsNoUserWhereTheCookieNamesNone(String cookie) throws IOException {
        try (DemoService service = DemoService.start("blue");
                LoadConnection connection = LoadConnection.open(service.address(), TIMEOUT)) {
            assertThat(connection.get(cookie).body()).isEqualTo("{\"answeredBy\":\"blue\",\"user\":\"\"}\n");
        }
    }

    @Test
    void keepsTheConnectionAndCountsItsRequests() throws IOException {
        try (DemoService service = DemoService.start("blue");
                LoadConnection connection = LoadConnection.open(service.address(), TIMEOUT)) {
            for (int i = 0; i < 100; i++) {
                assertThat(connection.get("uid=user-" + i).reusable()).isTrue();
            }
            assertThat(service.requests()).isEqualTo(100);
        }
    }

    @Test
    void closesItsPortAndItsConnections() throws IOException {
        DemoService service = DemoService.start("blue");
        try (LoadConnection connection = LoadConnection.open(service.address(), TIMEOUT)) {
            connection.get("uid=user-1");
            service.close();

            assertThatThrownBy(() -> connection.get("uid=user-1")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> LoadConnection.open(service.address(), TIMEOUT))
                    .isInstanceOf(IOException.class);
        }
    }
}
