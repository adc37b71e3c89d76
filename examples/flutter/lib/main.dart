import 'package:flutter/material.dart';

import 'l10n/app_localizations.dart';

void main() => runApp(const TideWatch());

class TideWatch extends StatelessWidget {
  const TideWatch({super.key});

  @override
  Widget build(BuildContext context) => MaterialApp(
    onGenerateTitle: (context) => AppLocalizations.of(context)!.appTitle,
    localizationsDelegates: AppLocalizations.localizationsDelegates,
    supportedLocales: AppLocalizations.supportedLocales,
    home: Builder(
      builder: (context) => Text(AppLocalizations.of(context)!.nextTides(2)),
    ),
  );
}
