#include <QApplication>
#include <QLabel>
#include <QTranslator>

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    QTranslator translator;
    if (translator.load(QLocale(), "kite", "_", ":/i18n"))
        app.installTranslator(&translator);
    QLabel label(QCoreApplication::translate("Main", "Wind: %1 knots").arg(12));
    //: Shown below the chart
    label.setToolTip(QCoreApplication::translate("Main", "%n kite(s) in the air", nullptr, 3));
    label.setWindowTitle(QCoreApplication::translate("Main", "Kite weather"));
    label.show();
    return app.exec();
}
