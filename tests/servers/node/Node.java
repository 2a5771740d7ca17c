import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One node of OpenSearch in a process of its own. Arguments: its folder, then settings as name=value.
 *
 * Run from its source: java -cp 'lib/*' [-Dplugins=CLASS,...] Node.java FOLDER NAME=VALUE...
 */
public class Node {
    public static void main(String[] arguments) throws Exception {
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            for (int place = 1; place < arguments.length; place++) {
                String[] pair = arguments[place].split("=", 2);
                if (pair[1].contains(",")) {
                    settings.putList(pair[0], pair[1].split(","));
                } else {
                    settings.put(pair[0], pair[1]);
                }
            }
        });
        OpenSearchRunner.Configs configs = OpenSearchRunner.newConfigs().basePath(arguments[0]).numOfNode(1).useLogger();
        String plugins = System.getProperty("plugins"); // classes on the class path, commas between
        if (plugins != null) {
            configs.pluginTypes(plugins);
        }
        runner.build(configs);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                runner.close();
            } catch (Exception error) {
                error.printStackTrace();
            }
        }));
        new CountDownLatch(1).await();
    }
}
